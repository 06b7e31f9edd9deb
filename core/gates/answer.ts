import { search } from 'jmespath';
import { BadGate, Unscored } from './unscored';

/** What a model answered. */
export interface Answer {
  text: string;
  /** Missing where the text is no JSON. */
  json?: unknown;
}

export function answerOf(text: string): Answer {
  try {
    return { text, json: JSON.parse(text) as unknown };
  } catch {
    return { text };
  }
}

/** What the answer says at the path; without one, the answer itself, which may then be plain text. */
export function valueIn({ text, json }: Answer, field: string | undefined): unknown {
  if (field === undefined) return json === undefined ? text : json;
  if (json === undefined) throw new Unscored('the answer is no JSON');
  const value = searched(json, field);
  // JMESPath gives null for what is not there.
  if (value === null || value === undefined) throw new Unscored(`the answer has no ${field}`);
  return value;
}

/** Functions of JMESPath refuse arguments of other types than theirs. */
function searched(json: unknown, field: string): unknown {
  try {
    return search(json, field);
  } catch {
    throw new Unscored(`the answer has nothing at ${field} that can be read`);
  }
}

export function checkField(field: string | undefined): void {
  if (field === undefined) return;
  try {
    search({}, field);
  } catch (error) {
    throw new BadGate(`'${field}' is no JMESPath: ${(error as Error).message}. Give a path such as label or choices[0].text`);
  }
}
