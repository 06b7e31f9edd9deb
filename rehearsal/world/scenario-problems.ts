import * as z from 'zod';
import { describeValue, formatPath, valueAt, type Finding, type PathPart } from '../../core/charter/problem';
import { didYouMean, nearest } from '../../core/charter/suggest';

const MISSING = 'is missing';

/** What the schema refuses, with the keys and values that it would take. */
export function schemaFindings(schema: z.core.$ZodType, issues: z.core.$ZodIssue[], value: unknown): Finding[] {
  return withoutEchoes(issues.flatMap((issue) => findingsOf([schema], issue, [], value)));
}

function findingsOf(schemas: z.core.$ZodType[], issue: z.core.$ZodIssue, above: PathPart[], value: unknown): Finding[] {
  const path = [...above, ...(issue.path as PathPart[])];
  const given = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemasAt(schemas, issue.path as PathPart[]));
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is no setting here',
      given: describeValue(key),
      allowed: known.join(', '),
      suggestion: didYouMean(key, known),
      intended: nearest(key, known),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const options = schemasAt(schemas, issue.path as PathPart[]);
    const { option, errors } = closest(options, issue.errors);
    return errors.flatMap((inner) => findingsOf(option, inner, path, value));
  }
  const allowed = allowedBy(issue);
  if (given === undefined) return [{ path, message: MISSING, allowed }];
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return [{ path, message: 'is not allowed', allowed, ...(typeof given === 'string' ? { suggestion: didYouMean(given, values) } : {}) }];
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
  if (issue.code !== 'invalid_type') return issue.message;
  const words: Record<string, string> = { string: 'a text', number: 'a number', array: 'a list', object: 'a mapping', record: 'a mapping' };
  return words[issue.expected] ?? issue.expected;
}

/** Of several forms, the one that the value comes nearest to: it was most likely meant. */
function closest(options: z.core.$ZodType[], errors: z.core.$ZodIssue[][]): { option: z.core.$ZodType[]; errors: z.core.$ZodIssue[] } {
  const mistakes = (issues: z.core.$ZodIssue[]): number =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  const [best] = errors.map((issues, index) => ({ issues, index })).sort((a, b) => mistakes(a.issues) - mistakes(b.issues));
  return { option: options.slice(best?.index ?? 0, (best?.index ?? 0) + 1), errors: best?.issues ?? [] };
}

/** The schemas that may stand at a path: more than one where there are several forms. */
function schemasAt(schemas: z.core.$ZodType[], path: PathPart[]): z.core.$ZodType[] {
  return path.reduce<z.core.$ZodType[]>((found, part) => found.flatMap((schema) => stepInto(schema, part)), schemas.flatMap(unwrapped));
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return unwrapped(schema.unwrap());
  return schema instanceof z.ZodUnion ? schema.options.flatMap(unwrapped) : [schema];
}

function stepInto(schema: z.core.$ZodType, part: PathPart): z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return unwrapped(schema.element);
  if (schema instanceof z.ZodRecord) return unwrapped(schema.valueType);
  const member = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.core.$ZodType>)[part] : undefined;
  return member === undefined ? [] : unwrapped(member);
}

const keysOf = (schemas: z.core.$ZodType[]): string[] => [
  ...new Set(schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []))),
];

/** A misspelt key is one mistake: the key that is therefore missing is not reported as well. */
function withoutEchoes(findings: Finding[]): Finding[] {
  const meant = new Set(
    findings.flatMap(({ path, intended }) => (intended === undefined ? [] : [formatPath([...path.slice(0, -1), intended])])),
  );
  return findings.filter(({ path, message }) => message !== MISSING || !meant.has(formatPath(path)));
}
