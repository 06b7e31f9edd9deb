import type { Members } from '../../cloud/types';
import { constraintExtract } from './extract';
import type { ConstraintExtract } from './extract';
import { refusalOf } from './refusal';
import { RuleBook } from './rules';
import type { Rule } from './rules';

export { constraintExtract } from './extract';

/** Rules by operation; undefined where the model asks nothing. */
type OperationRules = Map<string, Rule | undefined>;

const rulesOfServices = new Map<string, OperationRules>();
/** AWS names no more than this many problems at once. */
const maxProblems = 10;

/** Refuses input whose values the service model does not allow: enums, lengths, patterns and ranges. Types are checked before. */
export function checkConstraints(service: string, operation: string, input: Members): void {
  let rules = rulesOfServices.get(service);
  if (rules === undefined) {
    rules = compileService(constraintExtract(service));
    rulesOfServices.set(service, rules);
  }
  const rule = rules.get(operation);
  if (rule === undefined || rule.holds(input)) return;
  throw refusalOf(service, problemsOf(rule, input));
}

/** What `extract` asks of an operation's input, as AWS words it: for tests and for tools. */
export function constraintProblems(extract: ConstraintExtract, operation: string, input: Members): string[] {
  const rule = compileService(extract).get(operation);
  return rule === undefined ? [] : problemsOf(rule, input);
}

function problemsOf(rule: Rule, input: Members): string[] {
  const found: string[] = [];
  rule.problems(input, '', found);
  return found.slice(0, maxProblems);
}

function compileService(extract: ConstraintExtract | undefined): OperationRules {
  if (extract === undefined) return new Map();
  const book = new RuleBook(extract);
  return new Map(Object.entries(extract.operations).map(([operation, input]) => [operation, input === '' ? undefined : book.rule(input)]));
}
