import { UnsupportedError } from '../../cloud/types';
import type { State } from './definition';
import { eachExpression } from './jsonata';

/** Means the same in both query languages, as long as it holds no path. */
const NEUTRAL_FIELDS = ['Type', 'Comment', 'QueryLanguage', 'Next', 'End', 'Assign', 'Error', 'Cause', 'Seconds', 'Timestamp'];
const NEUTRAL_TYPES = ['Pass', 'Succeed', 'Fail', 'Wait'];

function hasPath(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => key.endsWith('.$') || hasPath(member));
}

/** To JSONPath `{% … %}` is plain text, and most likely a mistake. */
function hasExpression(state: State): boolean {
  let found = false;
  eachExpression(state, '', () => (found = true));
  return found;
}

/** A state in JSONPath is refused by its name, unless it holds nothing that depends on the language. */
export function checkLanguage(at: string, state: State, inherited: string): void {
  const language = state.QueryLanguage ?? inherited;
  if (language === 'JSONata') return;
  const foreign = NEUTRAL_TYPES.includes(state.Type) ? Object.keys(state).find((field) => !NEUTRAL_FIELDS.includes(field)) : 'Type';
  if (foreign !== undefined || hasPath(state) || hasExpression(state))
    throw new UnsupportedError(
      `${at} (${state.Type}) uses JSONPath; the rehearsal runs JSONata states only. Set "QueryLanguage": "JSONata" and use Arguments, Output and Assign`,
    );
}
