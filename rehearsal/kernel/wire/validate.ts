import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';

type Check = (value: unknown, path: string) => void;

/** How a refusal is worded and coded: requests are refused as AWS does, answers as a defect of the double. */
interface Refusal {
  missing(path: string, member: string, structure: string): Error;
  wrong(path: string, problem: string): Error;
}

const checks = new WeakMap<object, Check>();

/** Codes with which services refuse a request that lacks a required member, where it is not `ValidationException`. */
const missingMemberCodes: Record<string, string> = {
  sqs: 'MissingParameter',
  sns: 'ValidationError',
  cloudwatch: 'MissingParameter',
  'cloudwatch-logs': 'InvalidParameterException',
  'sagemaker-runtime': 'ValidationError',
  s3: 'InvalidRequest',
  sts: 'ValidationError',
};

/** Refuses input that lacks a required member, has a member of a wrong type, or one that the operation does not know. */
export function validateMembers(schema: NormalizedSchema, input: Members, service = ''): void {
  const problem = firstProblem(schema, input);
  if (problem === undefined) return;
  if (problem.kind === 'missing') {
    const code = missingMemberCodes[service] ?? 'ValidationException';
    throw new AwsError(code, service === 'sqs' ? `The request must contain the parameter ${problem.path}.` : mustNotBeNull(problem.path));
  }
  throw new AwsError('SerializationException', `${problem.path}: ${problem.text}`);
}

const mustNotBeNull = (path: string): string =>
  `1 validation error detected: Value null at '${awsPath(path)}' failed to satisfy constraint: Member must not be null`;

/** Says what is wrong with an answer of a double, so that a double cannot drift away from the API. */
export function answerProblem(schema: NormalizedSchema, output: Members): string | undefined {
  const problem = firstProblem(schema, output);
  if (problem === undefined) return undefined;
  return problem.kind === 'missing' ? `${problem.path} is required and missing` : `${problem.path}: ${problem.text}`;
}

interface Problem {
  kind: 'missing' | 'wrong';
  path: string;
  text: string;
}

class ProblemFound extends Error {
  constructor(readonly problem: Problem) {
    super(problem.text);
  }
}

const refusal: Refusal = {
  missing: (path, member) => new ProblemFound({ kind: 'missing', path: join(path, member), text: 'required' }),
  wrong: (path, text) => new ProblemFound({ kind: 'wrong', path: path === '' ? 'input' : path, text }),
};

function firstProblem(schema: NormalizedSchema, value: Members): Problem | undefined {
  try {
    checkOf(schema)(value, '');
    return undefined;
  } catch (error) {
    if (error instanceof ProblemFound) return error.problem;
    throw error;
  }
}

/** Checks are compiled once per schema; members are looked up late, since shapes refer to themselves. */
function checkOf(schema: NormalizedSchema): Check {
  const raw = schema.getSchema() as unknown;
  if (typeof raw !== 'object' || raw === null) return compile(schema);
  const known = checks.get(raw);
  if (known !== undefined) return known;
  const check = compile(schema);
  checks.set(raw, check);
  return check;
}

function compile(schema: NormalizedSchema): Check {
  if (schema.isStreaming()) return () => undefined;
  if (schema.isUnitSchema()) return structureCheck('Unit', new Map(), [], false);
  if (schema.isStructSchema()) return compileStructure(schema);
  if (schema.isListSchema()) return compileList(schema);
  if (schema.isMapSchema()) return compileMap(schema);
  if (schema.isStringSchema()) return expect('a string', (value) => typeof value === 'string' || value instanceof String);
  if (schema.isNumericSchema()) return expect('a number', (value) => typeof value === 'number');
  if (schema.isBooleanSchema()) return expect('true or false', (value) => typeof value === 'boolean');
  if (schema.isTimestampSchema())
    return expect('a Date', (value) => Object.prototype.toString.call(value) === '[object Date]' && !Number.isNaN(Number(value)));
  if (schema.isBlobSchema()) return expect('a Uint8Array', (value) => ArrayBuffer.isView(value));
  if (schema.isBigIntegerSchema()) return expect('a bigint', (value) => typeof value === 'bigint' || typeof value === 'number');
  return () => undefined;
}

function compileStructure(schema: NormalizedSchema): Check {
  const raw = schema.getSchema() as unknown as [number, string, string, unknown, string[], unknown[], number | undefined];
  const members = new Map([...schema.structIterator()]);
  const required = raw[4].slice(0, raw[6] ?? 0).filter((name) => !members.get(name)?.isIdempotencyToken());
  return structureCheck(raw[2], members, required, schema.isUnionSchema());
}

function structureCheck(name: string, members: Map<string, NormalizedSchema>, required: string[], union: boolean): Check {
  const memberChecks = new Map<string, Check>();
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refusal.wrong(path, `${describe(value)} given, ${name} (an object) expected.`);
    }
    const given = value as Record<string, unknown>;
    for (const member of required) if (given[member] === undefined || given[member] === null) throw refusal.missing(path, member, name);
    let count = 0;
    for (const key of Object.keys(given)) {
      const member = given[key];
      if (member === undefined || member === null || key === '$metadata') continue;
      count += 1;
      let check = memberChecks.get(key);
      if (check === undefined) {
        const schema = members.get(key);
        if (schema === undefined) throw refusal.wrong(join(path, key), `${name} has no such member; it has ${list([...members.keys()])}.`);
        check = checkOf(schema);
        memberChecks.set(key, check);
      }
      check(member, path === '' ? key : `${path}.${key}`);
    }
    if (union && count !== 1) throw refusal.wrong(path, `${name} is a union: exactly one member, ${count} given.`);
  };
}

function compileList(schema: NormalizedSchema): Check {
  let check: Check | undefined;
  return (value, path) => {
    if (!Array.isArray(value)) throw refusal.wrong(path, `${describe(value)} given, a list expected.`);
    check ??= checkOf(schema.getValueSchema());
    for (let index = 0; index < value.length; index += 1) if (value[index] !== null) check(value[index], `${path}[${index}]`);
  };
}

function compileMap(schema: NormalizedSchema): Check {
  let check: Check | undefined;
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refusal.wrong(path, `${describe(value)} given, a map expected.`);
    }
    check ??= checkOf(schema.getValueSchema());
    for (const key of Object.keys(value)) {
      const entry = (value as Record<string, unknown>)[key];
      if (entry !== null && entry !== undefined) check(entry, `${path}.${key}`);
    }
  };
}

function expect(what: string, holds: (value: unknown) => boolean): Check {
  return (value, path) => {
    if (!holds(value)) throw refusal.wrong(path, `${describe(value)} given, ${what} expected.`);
  };
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `${JSON.stringify(value)} (${typeof value})`;
}

function list(names: string[]): string {
  return names.length > 30 ? `${names.slice(0, 30).join(', ')}, …` : names.join(', ') || 'none';
}

function join(path: string, member: string): string {
  return path === '' ? member : `${path}.${member}`;
}

/** As AWS names members: `productionVariants.1.member.variantName`. */
function awsPath(path: string): string {
  return path
    .replace(/(^|\.)([A-Z])/g, (_all, dot: string, letter: string) => dot + letter.toLowerCase())
    .replace(/\[(\d+)\]/g, (_all, index: string) => `.${Number(index) + 1}.member`);
}
