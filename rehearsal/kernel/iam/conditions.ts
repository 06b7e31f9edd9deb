import { UnsupportedError } from '../../cloud/types';
import { checkConditionKey } from './condition-keys';
import { asList, matchesArn, matchesPattern } from './match';
import { checkVariables, fillIn } from './variables';

/** Condition keys of a request, names in lower case. */
export interface ConditionContext {
  get(key: string): string | string[] | undefined;
}

export type Conditions = Record<string, Record<string, string | string[]>>;

interface Operator {
  matches(wanted: string, given: string): boolean;
  /** Holds when no value matches; also when the key is missing. */
  negated: boolean;
}

const equalsText = (wanted: string, given: string) => plain(wanted) === given;
const equalsIgnoringCase = (wanted: string, given: string) => plain(wanted).toLowerCase() === given.toLowerCase();
const likeText = (wanted: string, given: string) => matchesPattern(wanted, given);

const compared = (read: (text: string) => number, compare: (given: number, wanted: number) => boolean) => (wanted: string, given: string) =>
  compare(read(given), read(wanted));

/** A time as ISO 8601 or as seconds since 1970. */
const timeOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

function comparisons(family: string, read: (text: string) => number): Record<string, Operator> {
  const operator = (compare: (given: number, wanted: number) => boolean, negated = false): Operator => ({
    matches: compared(read, compare),
    negated,
  });
  return {
    [`${family}Equals`]: operator((given, wanted) => given === wanted),
    [`${family}NotEquals`]: operator((given, wanted) => given === wanted, true),
    [`${family}LessThan`]: operator((given, wanted) => given < wanted),
    [`${family}LessThanEquals`]: operator((given, wanted) => given <= wanted),
    [`${family}GreaterThan`]: operator((given, wanted) => given > wanted),
    [`${family}GreaterThanEquals`]: operator((given, wanted) => given >= wanted),
  };
}

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
  ...comparisons('Numeric', Number),
  ...comparisons('Date', timeOf),
};

/** All operators and all their keys must hold. */
export function conditionsHold(conditions: Conditions | undefined, context: ConditionContext, variables = false): boolean {
  if (conditions === undefined) return true;
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      conditionHolds(operator, asList(wanted), context.get(key.toLowerCase()), variables, context),
    ),
  );
}

/** Refuses a condition that could not be judged, when the policy is put in place rather than when it is first needed. */
export function checkConditions(conditions: Conditions | undefined, where: string, variables = false): void {
  for (const [operator, keys] of Object.entries(conditions ?? {})) {
    const { name } = parse(operator);
    if (name !== 'Null' && operators[name] === undefined) {
      throw new UnsupportedError(
        `${where}: the condition operator "${operator}" is not supported${why[name] ?? ''}. Supported are Null, ${Object.keys(operators).join(', ')}.`,
      );
    }
    for (const [key, wanted] of Object.entries(keys)) {
      checkConditionKey(key, where);
      if (variables) for (const value of asList(wanted)) checkVariables(String(value), where);
    }
  }
}

const unknownAddress = ': the address that a call comes from cannot be known';
const why: Record<string, string> = { IpAddress: unknownAddress, NotIpAddress: unknownAddress };

const parsed = new Map<string, { quantifier: string | undefined; name: string; ifExists: boolean }>();

function parse(operator: string): { quantifier: string | undefined; name: string; ifExists: boolean } {
  const known = parsed.get(operator);
  if (known !== undefined) return known;
  const [, quantifier, name = operator, ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  const result = { quantifier, name, ifExists: ifExists !== undefined };
  parsed.set(operator, result);
  return result;
}

function conditionHolds(
  operatorName: string,
  wantedValues: readonly string[],
  given: string | string[] | undefined,
  variables: boolean,
  context: ConditionContext,
): boolean {
  const { quantifier, name, ifExists } = parse(operatorName);
  if (name === 'Null') return wantedValues.some((value) => (String(value).toLowerCase() === 'true') === isMissing(given));
  const operator = operators[name];
  if (operator === undefined) throw new UnsupportedError(`The condition operator "${operatorName}" is not supported.`);
  // Nothing given: all of nothing hold, any of nothing does not.
  if (isMissing(given)) return ifExists || quantifier === 'ForAllValues' || (operator.negated && quantifier === undefined);
  const wanted = wantedValues.map((value) => (variables ? fillIn(String(value), context) : String(value)));
  const holds = (value: string) => wanted.some((one) => one !== undefined && operator.matches(one, value)) !== operator.negated;
  const values = asList(given);
  return quantifier === 'ForAnyValue' ? values.some(holds) : values.every(holds);
}

function isMissing(given: string | string[] | undefined): given is undefined {
  return given === undefined || given.length === 0;
}

/** Signs that a policy variable stands for, as they are. */
function plain(text: string): string {
  return text.replaceAll('\uE000', '*').replaceAll('\uE001', '?');
}
