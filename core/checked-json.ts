import type * as z from 'zod';
import type { PathPart } from './charter/problem';
import { describeValue, formatPath, valueAt } from './charter/problem';
import { BadInputError } from './errors';

/** A file's text as JSON; an error names the file. */
export function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInputError(`${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** The checked content of a file. A zod message says what is allowed; an error names the place and what is given there. */
export function checkedContent<Schema extends z.ZodType>(schema: Schema, content: unknown, file: string): z.output<Schema> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new BadInputError(parsed.error.issues.map((issue) => problemText(issue, content, file)).join('\n'));
}

function problemText(issue: z.core.$ZodIssue, content: unknown, file: string): string {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue.path as PathPart[]), ...keys];
  const allowed = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const given = keys.length > 0 || issue.code === 'invalid_key' ? path.at(-1) : valueAt(content, path);
  const where = path.length === 0 ? file : `${file}: ${formatPath(path)}`;
  return `${where}\n  given:   ${describeValue(given)}\n  allowed: ${allowed}`;
}
