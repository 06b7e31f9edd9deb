import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { readYaml } from '../core/charter/yaml-text';
import type { ReleaseSpec } from '../core/contracts';
import { AiUseCase } from '../lib';
import { FEATURE_FLAGS } from './context';
import { constructId, stackDescription } from './names';

export interface SynthesizeOptions {
  /** A `usecase.yaml`, or the folder that holds it. */
  charterPath: string;
  profile?: string;
  /** Where the cloud assembly goes; default: as the CDK command line says. */
  outdir?: string;
  /** Added to the environment of the model's container. */
  environment?: Record<string, string>;
  /** Laid over the charter, mapping by mapping. */
  overrides?: Record<string, unknown>;
  /** A stable release's own past: promoted at once, with no approval owed. */
  strategy?: 'all-at-once';
  /** Default: as the environment variable CDK_VALIDATION says. */
  validation?: boolean;
}

/** The app of one use case: what `cdk deploy` deploys and what a rehearsal runs. */
export function synthesize(options: SynthesizeOptions): { assemblyDir: string } {
  const app = new App({
    outdir: options.outdir,
    context: FEATURE_FLAGS,
    ...(options.validation === undefined ? {} : { builtinCloudFormationValidation: options.validation }),
  });
  addUseCase(app, options);
  return { assemblyDir: app.synth().directory };
}

/** A stack of its own, named after the use case. */
export function addUseCase(app: App, options: SynthesizeOptions): AiUseCase {
  const { charterPath, profile, environment } = options;
  const document = readDocument(charterPath);
  const name = nameOf(document);
  const stack = new Stack(app, name, { description: stackDescription(name) });
  const changed = document === undefined ? undefined : changesOf(options);
  const useCase =
    changed === undefined
      ? AiUseCase.fromCharter(stack, constructId(name), charterPath, { profile })
      : AiUseCase._fromDocument(stack, constructId(name), charterPath, changed(document), { profile });
  if (environment !== undefined) useCase.release._amend((spec) => withEnvironment(spec, environment));
  return useCase;
}

function changesOf({ overrides, strategy }: SynthesizeOptions): ((document: unknown) => unknown) | undefined {
  if (strategy === undefined && Object.keys(overrides ?? {}).length === 0) return undefined;
  return (document) => {
    const changed = merge(document, overrides ?? {});
    return strategy === undefined ? changed : promotedAtOnce(changed);
  };
}

/** What concerns a release before it is stable is left out: nobody is asked, nothing is compared. */
function promotedAtOnce(document: unknown): unknown {
  if (!isMapping(document)) return document;
  const rest = Object.fromEntries(Object.entries(document).filter(([key]) => key !== 'gates' && key !== 'lanes'));
  const { maxDuration, inconclusive, holdout } = part(document, 'rollout');
  const { deadline, onDeadline } = part(document, 'approvals');
  return {
    ...rest,
    // Where the risk is high, a release without approvals cannot be written.
    charter: { ...part(document, 'charter'), risk: 'limited' },
    rollout: given({ strategy: 'all-at-once', maxDuration, inconclusive, holdout }),
    approvals: given({ requiredRoles: [], deadline, onDeadline }),
  };
}

const part = (document: Record<string, unknown>, key: string): Record<string, unknown> => (isMapping(document[key]) ? document[key] : {});

const given = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const withEnvironment = (spec: ReleaseSpec, environment: Record<string, string>): ReleaseSpec => ({
  ...spec,
  model: { ...spec.model, environment: { ...spec.model.environment, ...environment } },
});

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON merge patch (RFC 7396): mappings are merged key by key, null takes a key away, everything else is replaced. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isMapping(over)) return over;
  const before = isMapping(base) ? base : {};
  const changed = Object.entries(over).map(([key, value]) => [key, value === null ? undefined : merge(before[key], value)] as const);
  return given({ ...before, ...Object.fromEntries(changed) });
}

/** Read leniently: the construct checks the charter and says what is wrong, with lines. */
function readDocument(charterPath: string): unknown {
  const file = statSync(charterPath, { throwIfNoEntry: false })?.isDirectory() ? path.join(charterPath, 'usecase.yaml') : charterPath;
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const yaml = readYaml(readFileSync(file, 'utf8'));
  return yaml.ok ? yaml.value : undefined;
}

const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

function nameOf(document: unknown): string {
  const name = isMapping(document) ? document['name'] : undefined;
  return typeof name === 'string' && STACK_NAME.test(name) ? name : 'use-case';
}
