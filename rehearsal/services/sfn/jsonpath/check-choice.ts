import type { ChoiceRule, ChoiceTest } from '../definition';
import { invalid } from '../definition-errors';
import { parseTimestamp } from '../timestamp';
import { checkPath } from './check-templates';
import { isComparator, TYPE_TESTS } from './choice';

const RULE_ONLY = ['Next', 'Assign'];

/** A JSONPath rule: And, Or, Not, or a Variable with exactly one comparison. */
export function checkRule(at: string, rule: ChoiceRule): void {
  checkTest(at, rule, RULE_ONLY);
}

function checkTest(at: string, test: ChoiceTest, allowed: readonly string[]): void {
  if (typeof test !== 'object' || test === null) throw invalid(`a Choice rule is an object, at ${at}`);
  const asked = Object.keys(test).filter((key) => !allowed.includes(key) && key !== 'Variable' && key !== 'Comment');
  const [comparison, ...others] = asked;
  if (comparison === undefined || others.length > 0)
    throw invalid(`a Choice rule needs exactly one comparison, got ${asked.length === 0 ? 'none' : asked.join(' and ')} at ${at}`);
  if (comparison === 'And' || comparison === 'Or' || comparison === 'Not') return checkBoolean(at, test, comparison);
  if (comparison === 'Condition') throw invalid(`Condition is a JSONata field; a JSONPath rule has Variable and a comparison, at ${at}`);
  if (test.Variable === undefined) throw invalid(`a Choice rule needs Variable, at ${at}`);
  checkPath(at, 'Variable', test.Variable);
  checkComparison(at, comparison, (test as Record<string, unknown>)[comparison]);
}

function checkBoolean(at: string, test: ChoiceTest, operator: 'And' | 'Or' | 'Not'): void {
  if (test.Variable !== undefined) throw invalid(`Variable does not go with ${operator}, at ${at}`);
  if (operator === 'Not') return checkTest(`${at}/Not`, test.Not as ChoiceTest, []);
  const tests: unknown = test[operator];
  if (!Array.isArray(tests) || tests.length === 0) throw invalid(`${operator} must be a list of rules that is not empty, at ${at}`);
  tests.forEach((inner, index) => checkTest(`${at}/${operator}[${index}]`, inner as ChoiceTest, []));
}

const OPERANDS: Record<string, string> = { String: 'string', Numeric: 'number', Boolean: 'boolean', Timestamp: 'string' };

function checkComparison(at: string, name: string, operand: unknown): void {
  const is = TYPE_TESTS.includes(name);
  if (!is && name !== 'StringMatches' && !isComparator(name)) throw invalid(`'${name}' is no comparison of a Choice rule, at ${at}`);
  if (!is && name.endsWith('Path')) return checkPath(at, name, operand);
  const type = is ? 'boolean' : OPERANDS[/^[A-Z][a-z]+/.exec(name)?.[0] ?? ''];
  if (typeof operand !== type) throw invalid(`${name} must be of type ${type}, got ${JSON.stringify(operand)} at ${at}`);
  if (name.startsWith('Timestamp') && parseTimestamp(operand as string) === undefined)
    throw invalid(`${name} must be an ISO 8601 timestamp, got ${JSON.stringify(operand)} at ${at}`);
}
