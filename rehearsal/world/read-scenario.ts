import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import { describeValue, formatPath, formatProblem, valueAt, type Finding, type PathPart } from '../../core/charter/problem';
import { readYaml } from '../../core/charter/yaml-text';
import { BadInputError } from '../../core/errors';
import { schemaFindings } from './scenario-problems';

const MOST_PROBLEMS = 10;

/** A scenario as its schema reads it, and where in the file its parts stand. */
export interface ReadScenario<T> {
  scenario: T;
  lineOf(path: PathPart[]): number | undefined;
}

/** Reads a scenario's file; what does not fit is refused with its line, what is allowed and what was most likely meant. */
export function readScenario<T extends z.ZodType>(file: string, schema: T): ReadScenario<z.output<T>> {
  const yaml = readYaml(readFileSync(file, 'utf8'));
  if (!yaml.ok) throw refused(file, yaml.findings, undefined);
  const parsed = schema.safeParse(yaml.value);
  if (parsed.success) return { scenario: parsed.data, lineOf: yaml.lineOf };
  const findings = schemaFindings(schema, parsed.error.issues, yaml.value);
  throw refused(
    file,
    findings.map((finding) => ({ ...finding, line: yaml.lineOf(finding.path) })),
    yaml.value,
  );
}

function refused(file: string, findings: (Finding & { line?: number | undefined })[], value: unknown): BadInputError {
  const blocks = findings.slice(0, MOST_PROBLEMS).map(({ path: where, line, message, given, allowed, suggestion }) =>
    formatProblem({
      file,
      path: formatPath(where),
      message,
      given: given ?? describeValue(valueAt(value, where)),
      allowed,
      ...(line === undefined ? {} : { line }),
      ...(suggestion === undefined ? {} : { suggestion }),
    }),
  );
  return new BadInputError(blocks.join('\n\n'));
}
