import { UnsupportedError } from '../../cloud/types';
import { asList, matchesArn, matchesPattern } from './match';

/** Condition keys of a request, names in lower case. */
export type ConditionContext = ReadonlyMap<string, string | string[]>;

interface Operator {
  matches(wanted: string, given: string): boolean;
  /** Holds when no value matches; also when the key is missing. */
  negated: boolean;
}

const equalsText = (wanted: string, given: string) => wanted === given;
const equalsIgnoringCase = (wanted: string, given: string) => wanted.toLowerCase() === given.toLowerCase();
const likeText = (wanted: string, given: string) => matchesPattern(wanted, given);
const numbers = (compare: (given: number, wanted: number) => boolean) => (wanted: string, given: string) =>
  compare(Number(given), Number(wanted));

const operators: Record<string, Operator> = {
  StringEquals: { matches: equalsText, negated: false },
  StringNotEquals: { matches: equalsText, negated: true },
  StringEqualsIgnoreCase: { matches: equalsIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { matches: equalsIgnoringCase, negated: true },
  StringLike: { matches: likeText, negated: false },
  StringNotLike: { matches: likeText, negated: true },
  ArnEquals: { matches: matchesArn, negated: false },
  ArnLike: { matches: matchesArn, negated: false },
  ArnNotEquals: { matches: matchesArn, negated: true },
  ArnNotLike: { matches: matchesArn, negated: true },
  Bool: { matches: equalsIgnoringCase, negated: false },
  NumericEquals: { matches: numbers((given, wanted) => given === wanted), negated: false },
  NumericNotEquals: { matches: numbers((given, wanted) => given === wanted), negated: true },
  NumericLessThan: { matches: numbers((given, wanted) => given < wanted), negated: false },
  NumericLessThanEquals: { matches: numbers((given, wanted) => given <= wanted), negated: false },
  NumericGreaterThan: { matches: numbers((given, wanted) => given > wanted), negated: false },
  NumericGreaterThanEquals: { matches: numbers((given, wanted) => given >= wanted), negated: false },
};

/** All operators and all their keys must hold. */
export function conditionsHold(
  conditions: Record<string, Record<string, string | string[]>> | undefined,
  context: ConditionContext,
): boolean {
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => conditionHolds(operator, wanted, context.get(key.toLowerCase()))),
  );
}

/** Refuses a condition that could not be judged, when the policy is put in place rather than when it is first needed. */
export function checkConditions(conditions: Record<string, unknown> | undefined, where: string): void {
  for (const operator of Object.keys(conditions ?? {})) {
    const { name } = parse(operator);
    if (name !== 'Null' && operators[name] === undefined) {
      throw new UnsupportedError(
        `${where}: the condition operator "${operator}" is not supported. Supported are Null, ${Object.keys(operators).join(', ')}.`,
      );
    }
  }
}

function parse(operator: string): { quantifier: string | undefined; name: string; ifExists: boolean } {
  const [, quantifier, name = operator, ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  return { quantifier, name, ifExists: ifExists !== undefined };
}

function conditionHolds(operatorName: string, wantedValues: string | string[], given: string | string[] | undefined): boolean {
  const { quantifier, name, ifExists } = parse(operatorName);
  const wanted = asList(wantedValues).map(String);
  if (name === 'Null') return wanted.some((value) => (value.toLowerCase() === 'true') === (given === undefined));
  const operator = operators[name];
  if (operator === undefined) throw new UnsupportedError(`The condition operator "${operatorName}" is not supported.`);
  if (given === undefined) return ifExists || operator.negated || quantifier === 'ForAllValues';
  const holds = (value: string) => wanted.some((one) => operator.matches(one, value)) !== operator.negated;
  const values = asList(given);
  return quantifier === 'ForAnyValue' ? values.some(holds) : values.every(holds);
}
