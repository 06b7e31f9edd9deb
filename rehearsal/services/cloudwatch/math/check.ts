import { UnsupportedError } from '../../../cloud/types';
import { FUNCTIONS, WORDS } from './functions';
import type { Expression } from './parse';
import { wrong, type Kind } from './value';

/** What CloudWatch has and the laptop cloud has not. */
const NOT_SIMULATED: Record<string, string> = {
  SEARCH: 'search expressions are not simulated: name the metrics',
  ANOMALY_DETECTION_BAND: 'anomaly detection is not simulated: use a fixed threshold',
  INSIGHT_RULE_METRIC: 'Contributor Insights is not simulated',
  SERVICE_QUOTA: 'service quotas are not simulated',
  DB_PERF_INSIGHTS: 'Database Insights is not simulated',
  LAMBDA: 'data sources are not simulated',
};

/** Refuses, when an expression is put, what could not be evaluated later. Says what it gives. */
export function kindOf(expression: Expression, kindOfId: (id: string) => Kind): Kind {
  switch (expression.kind) {
    case 'number':
      return 'S';
    case 'id':
      return kindOfId(expression.name);
    case 'text':
      throw wrong(`the text "${expression.value}" stands where a value is needed.`);
    case 'negate':
      return kindOf(expression.operand, kindOfId);
    case 'binary': {
      const kinds = [kindOf(expression.left, kindOfId), kindOf(expression.right, kindOfId)];
      return kinds.includes('TS[]') ? 'TS[]' : kinds.includes('TS') ? 'TS' : 'S';
    }
    case 'list':
      for (const item of expression.items) if (kindOf(item, kindOfId) === 'S') throw wrong('an array holds time series only.');
      return 'TS[]';
    case 'call':
      return kindOfCall(expression, kindOfId);
  }
}

function kindOfCall({ name, args }: Extract<Expression, { kind: 'call' }>, kindOfId: (id: string) => Kind): Kind {
  const missing = Object.hasOwn(NOT_SIMULATED, name) ? NOT_SIMULATED[name] : undefined;
  if (missing !== undefined) throw new UnsupportedError(`Metric math function ${name} is not supported by the laptop cloud: ${missing}`);
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) {
    const upper = name.toUpperCase();
    const hint = Object.hasOwn(FUNCTIONS, upper) ? `; functions are written in uppercase: ${upper}` : '';
    throw wrong(`there is no function ${name}${hint}.`);
  }
  if (args.length < known.least || args.length > known.most)
    throw wrong(`${name} takes ${counted(known.least, known.most)}, got ${args.length}.`);
  const kinds = args.map((argument, index) => (isWord(name, argument, index) ? undefined : kindOfArgument(name, argument, kindOfId)));
  const kind = known.kind(kinds);
  if (kind === undefined) throw wrong(`${name} does not take ${kinds.map((one) => one ?? 'a word').join(', ')}.`);
  return kind;
}

const counted = (least: number, most: number): string =>
  least === most ? `${least} argument${least === 1 ? '' : 's'}` : `${least} to ${most} arguments`;

const isWord = (name: string, argument: Expression, index: number): boolean =>
  argument.kind === 'id' && (WORDS[name] ?? []).some(({ at, words }) => at === index && words.includes(argument.name));

function kindOfArgument(name: string, argument: Expression, kindOfId: (id: string) => Kind): Kind | undefined {
  return name === 'METRICS' && argument.kind === 'text' ? undefined : kindOf(argument, kindOfId);
}

/** Ids that an expression names, without the words of its functions. */
export function idsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'id':
      return [expression.name];
    case 'negate':
      return idsIn(expression.operand);
    case 'binary':
      return [...idsIn(expression.left), ...idsIn(expression.right)];
    case 'list':
      return expression.items.flatMap(idsIn);
    case 'call':
      return expression.args.flatMap((argument, index) => (isWord(expression.name, argument, index) ? [] : idsIn(argument)));
    default:
      return [];
  }
}

/** Whether an expression calls one of some functions. */
export function calls(expression: Expression, names: readonly string[]): boolean {
  switch (expression.kind) {
    case 'negate':
      return calls(expression.operand, names);
    case 'binary':
      return calls(expression.left, names) || calls(expression.right, names);
    case 'list':
      return expression.items.some((item) => calls(item, names));
    case 'call':
      return names.includes(expression.name) || expression.args.some((argument) => calls(argument, names));
    default:
      return false;
  }
}
