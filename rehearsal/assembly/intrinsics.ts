import { isDeepStrictEqual } from 'node:util';
import { UnsupportedError } from '../cloud/types';
import type { Template } from './load';

/** What intrinsic functions are resolved against. */
export interface ResolutionScope {
  template: Template;
  pseudo: Record<string, unknown>;
  /** `Ref` of a created resource. */
  ref(logicalId: string): unknown;
  /** `Fn::GetAtt` of a created resource. */
  attribute(logicalId: string, name: string): unknown;
  /** Values of the stack's parameters; absent: their defaults. */
  parameters?: ReadonlyMap<string, unknown>;
  /** What another stack exports. */
  importValue?(name: string): unknown;
  /** An output of another stack of the region. */
  stackOutput?(stackName: string, outputName: string): unknown;
}

const NO_VALUE = Symbol('AWS::NoValue');

function reference(name: string, scope: ResolutionScope): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (name in scope.pseudo) return scope.pseudo[name];
  const parameter = scope.template.Parameters?.[name];
  if (parameter !== undefined) {
    const value = scope.parameters?.get(name) ?? parameter.Default;
    if (value === undefined) throw new UnsupportedError(`parameter ${name} has no default value, and the scenario gives none`);
    return value;
  }
  return scope.ref(name);
}

function substitute(argument: unknown, scope: ResolutionScope): string {
  const [text, variables] = Array.isArray(argument) ? (argument as [string, Record<string, unknown>]) : [String(argument), {}];
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (name in variables) return String(resolve(variables[name], scope));
    const dot = name.indexOf('.');
    if (dot > 0 && !name.startsWith('AWS::')) return String(scope.attribute(name.slice(0, dot), name.slice(dot + 1)));
    return String(reference(name, scope));
  });
}

function getAttribute(argument: unknown, scope: ResolutionScope): unknown {
  const [logicalId, ...rest] = Array.isArray(argument) ? (argument as unknown[]) : String(argument).split('.');
  return scope.attribute(String(logicalId), rest.map((part) => String(resolve(part, scope))).join('.'));
}

export function evaluateCondition(name: string, scope: ResolutionScope): boolean {
  const condition = scope.template.Conditions?.[name];
  if (condition === undefined) throw new UnsupportedError(`condition ${name} is not in the template`);
  return Boolean(resolve(condition, scope));
}

const listOf = (argument: unknown, scope: ResolutionScope): unknown[] => resolve(argument, scope) as unknown[];

/** CloudFormation compares texts: 1 is "1", and true is "true". */
const asText = (value: unknown): unknown => (typeof value === 'object' && value !== null ? value : String(value));

/** The first blocks of so many host bits within an IPv4 block. */
function subnets(block: string, count: number, hostBits: number): string[] {
  const [address = '', mask = ''] = block.split('/');
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255)) || 32 - hostBits < Number(mask))
    throw new UnsupportedError(`Fn::Cidr: ${block} has no blocks of ${hostBits} bits; give an IPv4 block and fewer bits`);
  const first = parts.reduce((sum, part) => sum * 256 + part, 0);
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * 2 ** hostBits;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${32 - hostBits}`;
  });
}

type Intrinsic = (argument: unknown, scope: ResolutionScope) => unknown;

const intrinsics: Record<string, Intrinsic> = {
  Ref: (argument, scope) => reference(String(argument), scope),
  Condition: (argument, scope) => evaluateCondition(String(argument), scope),
  'Fn::GetAtt': getAttribute,
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = argument as [string, unknown];
    const list = resolve(parts, scope);
    return (Array.isArray(list) ? list : [list]).map(String).join(separator);
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = argument as [unknown, unknown];
    return listOf(list, scope)[Number(resolve(index, scope))];
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = argument as [string, unknown];
    return String(resolve(text, scope)).split(separator);
  },
  'Fn::If': (argument, scope) => {
    const [condition, yes, no] = argument as [string, unknown, unknown];
    return resolve(evaluateCondition(condition, scope) ? yes : no, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = listOf(argument, scope);
    return isDeepStrictEqual(asText(left), asText(right));
  },
  'Fn::Not': (argument, scope) => !listOf(argument, scope)[0],
  'Fn::And': (argument, scope) => listOf(argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => listOf(argument, scope).some(Boolean),
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = listOf(argument, scope).map(String) as [string, string, string];
    const value = scope.template.Mappings?.[map]?.[first]?.[second];
    if (value === undefined) throw new UnsupportedError(`Fn::FindInMap: ${map} has no entry ${first}.${second}`);
    return value;
  },
  'Fn::Base64': (argument, scope) => Buffer.from(String(resolve(argument, scope))).toString('base64'),
  'Fn::Cidr': (argument, scope) => {
    const [block, count, bits] = listOf(argument, scope);
    return subnets(String(block), Number(count), Number(bits ?? 8));
  },
  'Fn::ImportValue': (argument, scope) => {
    const name = String(resolve(argument, scope));
    const value = scope.importValue?.(name);
    if (value === undefined) throw new UnsupportedError(`Fn::ImportValue: no stack exports ${name}`);
    return value;
  },
  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName: stack, OutputName: output, Region: region } = resolve(argument, scope) as Record<string, unknown>;
    if (region !== undefined && region !== scope.pseudo['AWS::Region'])
      throw new UnsupportedError(`Fn::GetStackOutput: the region ${String(region)} is not the rehearsal's`);
    const value = scope.stackOutput?.(String(stack).split('/')[1] ?? String(stack), String(output));
    if (value === undefined) throw new UnsupportedError(`Fn::GetStackOutput: stack ${String(stack)} has no output ${String(output)}`);
    return value;
  },
  'Fn::GetAZs': (_argument, scope) => ['a', 'b', 'c'].map((zone) => `${String(scope.pseudo['AWS::Region'])}${zone}`),
};

/** Resolves all intrinsic functions in a value of the template. An unknown function is refused by name. */
export function resolve(value: unknown, scope: ResolutionScope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [name, argument] = first;
    const intrinsic = intrinsics[name];
    if (intrinsic !== undefined && isIntrinsicCall(name, argument)) return intrinsic(argument, scope);
    // Fn::ForEach and its like have a name of their own behind the function's.
    if (name.startsWith('Fn::')) throw new UnsupportedError(`intrinsic function ${name} is not supported`);
  }
  const resolved = entries.map(([key, item]) => [key, resolve(item, scope)] as const).filter(([, item]) => item !== NO_VALUE);
  return Object.fromEntries(resolved);
}

/** An IAM statement's `Condition` and the like are plain objects with the same key as a function. */
const isIntrinsicCall = (name: string, argument: unknown): boolean =>
  (name !== 'Condition' && name !== 'Ref') || typeof argument === 'string';

/** Logical ids that a value refers to. */
export function referencesOf(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    value.forEach((item) => referencesOf(item, found));
    return found;
  }
  if (value === null || typeof value !== 'object') return found;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref' && typeof item === 'string') found.add(item);
    else if (key === 'Fn::GetAtt') found.add(Array.isArray(item) ? String(item[0]) : (String(item).split('.')[0] ?? ''));
    else if (key === 'Fn::Sub') addSubstituted(item, found);
    else referencesOf(item, found);
  }
  return found;
}

function addSubstituted(argument: unknown, found: Set<string>): void {
  const [text, variables] = Array.isArray(argument) ? (argument as [string, unknown]) : [String(argument), {}];
  for (const match of text.matchAll(/\$\{([^!}][^}]*)\}/g)) found.add((match[1] ?? '').split('.')[0] ?? '');
  referencesOf(variables, found);
}
