import { fewestFor } from '../gates/histogram';
import type { Finding, PathPart } from './problem';
import type { CharterData, CharterGate, CharterSchemaRef } from './sections/gates';

/** Gates of Sluice's own, whose results stand beside those of the charter. */
const RESERVED_NAMES = ['smoke', 'shadow'];
/** A Lambda function ends then. */
const MOST_FUNCTION_MINUTES = 15;
const MOST_STATE_MACHINE_MINUTES = 20 * 60;
/** What forty drivers can send. */
const MOST_REQUESTS_PER_MINUTE = 240_000;

/** How the fields of gates fit together. */
export function gateFindings(gates: CharterGate[]): Finding[] {
  const names = gates.map(({ name }) => name);
  return gates.flatMap((gate, index) => {
    const at = (...rest: PathPart[]): PathPart[] => ['gates', index, ...rest];
    return [
      ...(RESERVED_NAMES.includes(gate.name)
        ? [{ path: at('name'), message: 'is taken by a gate of Sluice itself', allowed: `another name than ${RESERVED_NAMES.join(', ')}` }]
        : []),
      ...(names.indexOf(gate.name) !== index ? [{ path: at('name'), message: 'names a gate twice', allowed: 'each name once' }] : []),
      ...(gate.load === undefined ? [] : loadFindings(gate.load, (...rest) => at('load', ...rest))),
      ...(gate.custom === undefined ? [] : customFindings(gate.custom, at('custom', 'timeout'))),
    ];
  });
}

/** What is wrong with a gate that stands alone, in sentences. */
export function gateProblems(gate: CharterGate): string[] {
  return gateFindings([gate]).map(({ path, message, allowed }) => `${path.slice(2).join('.')} ${message}; allowed: ${allowed}`);
}

function loadFindings(load: NonNullable<CharterGate['load']>, at: (...rest: PathPart[]) => PathPart[]): Finding[] {
  const { multiples, requestsPerMinute, secondsPerLevel, latency, notSlower, costPerAnswerAtMost, pricePerInstanceHour } = load;
  const findings: Finding[] = [];
  const requests = Math.floor(Math.min(...multiples) * requestsPerMinute * (secondsPerLevel / 60));
  const needed = Math.max(...[latency, notSlower].map((demand) => (demand === undefined ? 1 : fewestFor(demand.percentile))));
  if (requests < needed) {
    const allowed = `more than ${secondsPerLevel}, or more requests a minute: a level sends ${requests}, its percentile needs ${needed}`;
    findings.push({ path: at('secondsPerLevel'), message: 'is too short to measure the percentile', allowed });
  }
  if (Math.max(...multiples) * requestsPerMinute > MOST_REQUESTS_PER_MINUTE) {
    const allowed = `multiples up to ${MOST_REQUESTS_PER_MINUTE / requestsPerMinute}: more than ${MOST_REQUESTS_PER_MINUTE} requests a minute are not sent`;
    findings.push({ path: at('multiples'), message: 'is more load than is sent', allowed });
  }
  if (multiples.some((multiple, index) => multiple <= (multiples[index - 1] ?? 0))) {
    findings.push({ path: at('multiples'), message: 'does not grow', allowed: 'multiples that grow, such as [1, 2, 5]' });
  }
  if (costPerAnswerAtMost !== undefined && pricePerInstanceHour === undefined) {
    const allowed = "the price of an hour of the serving section's instance: without it no cost is known";
    findings.push({ path: at('pricePerInstanceHour'), message: 'is missing', allowed });
  }
  return findings;
}

function customFindings(custom: NonNullable<CharterGate['custom']>, path: PathPart[]): Finding[] {
  const most = custom.function === undefined ? MOST_STATE_MACHINE_MINUTES : MOST_FUNCTION_MINUTES;
  if (custom.timeout <= most) return [];
  const allowed = custom.function === undefined ? 'at most 20h' : `at most ${most}m for a function, or a stateMachine`;
  return [{ path, message: 'is too long', given: `${custom.timeout}m`, allowed }];
}

/** Files beside the charter that gates name. */
export function gateFiles(gates: CharterGate[]): { path: PathPart[]; file: string }[] {
  return gates.flatMap((gate, index) => {
    const at = (...rest: PathPart[]): PathPart[] => ['gates', index, ...rest];
    const { goldenSet, outputSchema, judge, load } = gate;
    return [
      ...dataFile(goldenSet?.data, at('goldenSet', 'data')),
      ...schemaFile(goldenSet?.scorer.jsonSchema, at('goldenSet', 'scorer', 'jsonSchema')),
      ...plainFile(goldenSet?.scorer.module, at('goldenSet', 'scorer', 'module')),
      ...plainFile(goldenSet?.scorer.bedrockJudge?.promptFile, at('goldenSet', 'scorer', 'bedrockJudge', 'promptFile')),
      ...dataFile(outputSchema?.data, at('outputSchema', 'data')),
      ...schemaFile(outputSchema?.schema, at('outputSchema', 'schema')),
      ...dataFile(judge?.data, at('judge', 'data')),
      ...plainFile(judge?.module, at('judge', 'module')),
      ...plainFile(judge?.promptFile, at('judge', 'promptFile')),
      ...dataFile(load?.data, at('load', 'data')),
    ];
  });
}

const plainFile = (file: string | undefined, path: PathPart[]) => (file === undefined ? [] : [{ path, file }]);

const dataFile = (data: CharterData | undefined, path: PathPart[]) =>
  data !== undefined && 'file' in data ? [{ path, file: data.file }] : [];

const schemaFile = (schema: CharterSchemaRef | undefined, path: PathPart[]) =>
  schema !== undefined && isSchemaFile(schema) ? [{ path, file: schema.file }] : [];

/** A schema that is written in the charter may have any members, but no single `file`. */
export const isSchemaFile = (schema: CharterSchemaRef): schema is { file: string } =>
  Object.keys(schema).length === 1 && typeof schema.file === 'string';
