import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { isSchemaFile } from '../../core/charter/gate-checks';
import type { CharterData, CharterGate, CharterSchemaRef, CharterScorer } from '../../core/charter/sections/gates';
import type { DataSet, GatePolicy, Scorer } from '../../core/contracts';
import { JUDGE_PROMPTS } from '../../core/gates/judge-prompts';
import { convertRule } from '../gateway/rule-source';
import { checkDataFile } from './data-file';
import type { Gate } from './gate';

/** What the handler and the state machine of the gates need, beside what every gate needs. */
export interface GateNeeds {
  /** ARNs of data sets. */
  readonly objects: Set<string>;
  readonly scorerFunctions: Set<string>;
  readonly functions: Set<string>;
  readonly stateMachines: Set<string>;
  readonly models: Set<string>;
  /** Name → CommonJS of scorers. */
  readonly modules: Map<string, string>;
  baseline: boolean;
  load: boolean;
}

const MOST_SCHEMA_BYTES = 32_768;
const MOST_PROMPT_CHARACTERS = 8_000;

/** CloudFormation hands a release to its handler in an event, and the ledger keeps it as an item. */
const MOST_POLICY_BYTES = 100_000;

const SCORER_MODULE = { noun: 'scorer', entry: 'score', call: 'score(line, answer)' };

/** Gates as releases carry them, the smoke test first; and what is needed for them. */
export function bindGates(scope: Construct, gates: Gate[]): { policies: GatePolicy[]; needs: GateNeeds } {
  const binder = new Binder(scope);
  const policies = gates.map((gate) => {
    const { gate: checked, fileOf } = gate._checked();
    return binder.bind(checked, fileOf);
  });
  const bytes = Buffer.byteLength(JSON.stringify(policies));
  if (bytes > MOST_POLICY_BYTES) {
    throw new Error(`The gates have ${bytes} bytes, most of them in schemas and prompts; allowed are ${MOST_POLICY_BYTES} in all.`);
  }
  const first = policies.find((policy) => policy.kind !== 'custom' && policy.kind !== 'smoke');
  const smoke: GatePolicy[] = first === undefined ? [] : [{ kind: 'smoke', name: 'smoke', data: first.data }];
  return { policies: [...smoke, ...policies], needs: binder.needs };
}

type FileOf = (written: string) => string;

class Binder {
  readonly needs: GateNeeds = {
    objects: new Set(),
    scorerFunctions: new Set(),
    functions: new Set(),
    stateMachines: new Set(),
    models: new Set(),
    modules: new Map(),
    baseline: false,
    load: false,
  };
  private readonly assets = new Map<string, DataSet>();

  constructor(private readonly scope: Construct) {}

  bind(gate: CharterGate, fileOf: FileOf): GatePolicy {
    const { name, goldenSet, outputSchema, judge, load, custom } = gate;
    if (goldenSet !== undefined) {
      const { data, scorer, ...demands } = goldenSet;
      return this.golden({ kind: 'golden-set', name, data: this.data(data, fileOf), scorer: this.scorer(scorer, fileOf), ...demands });
    }
    if (outputSchema !== undefined) {
      const { data, schema, atLeast } = outputSchema;
      const scorer: Scorer = { kind: 'json-schema', schema: this.schema(schema, fileOf) };
      return this.golden({ kind: 'golden-set', name, data: this.data(data, fileOf), scorer, atLeast });
    }
    if (judge !== undefined) {
      const { data, atLeast, notWorse, slices, model, function: functionArn, module, ...prompted } = judge;
      const scorer = this.scorer(
        { function: functionArn, module, bedrockJudge: model === undefined ? undefined : { model, ...prompted } },
        fileOf,
      );
      return this.golden({ kind: 'golden-set', name, data: this.data(data, fileOf), scorer, atLeast, notWorse, slices });
    }
    if (load !== undefined) return this.load(name, load, fileOf);
    if (custom === undefined) throw new Error(`gate ${name} is of no kind`);
    return this.custom(name, custom);
  }

  private golden(policy: Extract<GatePolicy, { kind: 'golden-set' }>): GatePolicy {
    if (policy.notWorse?.than === 'baseline') this.needs.baseline = true;
    return policy;
  }

  private load(name: string, load: NonNullable<CharterGate['load']>, fileOf: FileOf): GatePolicy {
    this.needs.load = true;
    const { data, latency, ...rest } = load;
    return {
      kind: 'load',
      name,
      data: this.data(data, fileOf),
      ...rest,
      ...(latency === undefined ? {} : { latency: { percentile: latency.percentile, belowMillis: latency.below } }),
    };
  }

  private custom(name: string, custom: NonNullable<CharterGate['custom']>): GatePolicy {
    const { function: functionArn, stateMachine: stateMachineArn, timeout: timeoutMinutes } = custom;
    if (functionArn !== undefined) this.needs.functions.add(functionArn);
    if (stateMachineArn !== undefined) this.needs.stateMachines.add(stateMachineArn);
    return { kind: 'custom', name, functionArn, stateMachineArn, timeoutMinutes };
  }

  private scorer(scorer: CharterScorer, fileOf: FileOf): Scorer {
    const { exactMatch, tolerance, pattern, jsonSchema, function: functionArn, module, bedrockJudge } = scorer;
    if (exactMatch !== undefined) return { kind: 'exact-match', ...exactMatch };
    if (tolerance !== undefined) return { kind: 'tolerance', ...tolerance };
    if (pattern !== undefined) return { kind: 'pattern', ...pattern };
    if (jsonSchema !== undefined) return { kind: 'json-schema', schema: this.schema(jsonSchema, fileOf) };
    if (functionArn !== undefined) {
      this.needs.scorerFunctions.add(functionArn);
      return { kind: 'function', functionArn };
    }
    if (module !== undefined) return this.module(present(fileOf(module), 'scorer'));
    if (bedrockJudge === undefined) throw new Error('the scorer is of no kind');
    this.needs.models.add(bedrockJudge.model);
    return { kind: 'judge', modelId: bedrockJudge.model, prompt: promptOf(bedrockJudge, fileOf) };
  }

  /** Named by what it says: a release that waited is never scored by another module than it was registered with. */
  private module(file: string): Scorer {
    const code = convertRule(file, SCORER_MODULE);
    const name = createHash('sha256').update(code).digest('hex').slice(0, 16);
    this.needs.modules.set(name, code);
    return { kind: 'module', name };
  }

  private schema(schema: CharterSchemaRef, fileOf: FileOf): Record<string, unknown> {
    const given = isSchemaFile(schema) ? readJson(present(fileOf(schema.file), 'JSON Schema')) : schema;
    const bytes = Buffer.byteLength(JSON.stringify(given));
    if (bytes > MOST_SCHEMA_BYTES) throw new Error(`A JSON Schema of a gate has ${bytes} bytes; allowed are ${MOST_SCHEMA_BYTES}.`);
    return given;
  }

  private data(data: CharterData, fileOf: FileOf): DataSet {
    const { partition } = Stack.of(this.scope);
    if (!('file' in data)) {
      this.needs.objects.add(`arn:${partition}:s3:::${data.bucket}/${data.key}`);
      return data;
    }
    const file = present(fileOf(data.file), 'data set');
    const { sha256 } = checkDataFile(file);
    const known = this.assets.get(sha256);
    if (known !== undefined) return known;
    const asset = new Asset(this.scope, `Data${sha256.slice(0, 8)}`, { path: file });
    this.needs.objects.add(`${asset.bucket.bucketArn}/${asset.s3ObjectKey}`);
    const bound: DataSet = { bucket: asset.s3BucketName, key: asset.s3ObjectKey, sha256 };
    this.assets.set(sha256, bound);
    return bound;
  }
}

function promptOf(judge: NonNullable<CharterScorer['bedrockJudge']>, fileOf: FileOf): string {
  if (judge.for !== undefined) return JUDGE_PROMPTS[judge.for];
  const prompt = judge.promptFile === undefined ? judge.prompt : readFileSync(present(fileOf(judge.promptFile), 'prompt'), 'utf8').trim();
  if (prompt === undefined || prompt === '' || prompt.length > MOST_PROMPT_CHARACTERS) {
    throw new Error(
      `The prompt of a gate's judge has ${prompt?.length ?? 0} characters; allowed are 1 to ${MOST_PROMPT_CHARACTERS} (${judge.promptFile ?? 'prompt'}).`,
    );
  }
  return prompt;
}

function present(file: string, what: string): string {
  if (!existsSync(file)) throw new Error(`The ${what} ${file} of a gate is not there: give the path of a file.`);
  return file;
}

function readJson(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new Error(`The JSON Schema ${file} is no JSON: ${(error as Error).message}.`, { cause: error });
  }
  throw new Error(`The JSON Schema ${file} is no JSON object: a schema such as { "type": "object" } is allowed.`);
}
