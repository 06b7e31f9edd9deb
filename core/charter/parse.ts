import type * as z from 'zod';
import type { EffectlessSetting } from './availability';
import { effectlessSettings, unavailableSettings } from './availability';
import { crossChecks } from './checks';
import { UNRESOLVED_TOKEN } from './fields';
import type { FileCheck } from './files';
import { fileFindings, textsThatLookLikeFiles } from './files';
import { priceFileFindings } from './price-file';
import type { Finding, PathPart, Problem } from './problem';
import { describeValue, formatPath, valueAt } from './problem';
import { applyProfile } from './profile';
import type { Charter } from './schema';
import { charterSchema } from './schema';
import { didYouMean, nearest } from './suggest';
import { MAX_DEPTH, readYaml } from './yaml-text';

export interface ParseOptions {
  /** Name under `profiles` whose serving section is laid over the charter's. */
  profile?: string;
  /** Says whether a path relative to the charter exists. Without it, files are not checked. */
  exists?: FileCheck;
  /** The text of a file, by a path relative to the charter. Without it, prices are not checked. */
  read?: (relativePath: string) => string;
}

export type CharterResult = { ok: true; charter: Charter; effectless: EffectlessSetting[] } | { ok: false; problems: Problem[] };

const MOST_PROBLEMS = 25;
const MISSING = 'is missing';

/** The text of a `usecase.yaml` → the checked charter, or everything that must change. Never throws. */
export function parseCharter(text: string, file: string, options: ParseOptions = {}): CharterResult {
  const yaml = readYaml(text);
  if (!yaml.ok) return failed(yaml.findings.map((finding) => toProblem(finding, undefined, file, finding.line)));
  if (UNRESOLVED_TOKEN.test(text)) {
    return failed([toProblem({ path: [], message: 'holds a CDK token', given: '${Token[…]}', allowed: 'plain values' }, undefined, file)]);
  }
  return check(yaml.value, file, options, yaml.lineOf);
}

/** The same check for a plain object, e.g. the typed props of a construct. `origin` takes the file's place in problems. */
export function charterFromProps(json: unknown, origin: string, options: ParseOptions = {}): CharterResult {
  const plain = plainJson(json);
  if (plain === undefined) {
    const given = 'values that JSON cannot hold, or nested too deeply';
    return failed([toProblem({ path: [], message: 'is no plain object', given, allowed: 'plain JSON values' }, undefined, origin)]);
  }
  return check(plain.value, origin, options, () => undefined);
}

/** A copy without undefined members; nothing where there is no such copy (cycles, big integers) or it is nested too deeply. */
function plainJson(json: unknown): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(JSON.stringify(json) ?? 'null');
    return isDeeper(value, MAX_DEPTH) ? undefined : { value };
  } catch {
    return undefined;
  }
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1)));

function check(raw: unknown, file: string, options: ParseOptions, lineOf: (path: PathPart[]) => number | undefined): CharterResult {
  const overlaid = applyProfile(raw, options.profile);
  const findings = 'finding' in overlaid ? [overlaid.finding] : findingsOf(overlaid.value, options);
  if (Array.isArray(findings)) {
    return failed(findings.slice(0, MOST_PROBLEMS).map((finding) => toProblem(finding, raw, file, lineOf(finding.path))));
  }
  return {
    ok: true,
    charter: findings,
    effectless: [...effectlessSettings(findings), ...textsThatLookLikeFiles(findings, options.exists)],
  };
}

function findingsOf(value: unknown, options: ParseOptions): Finding[] | Charter {
  const parsed = charterSchema.safeParse(value);
  if (!parsed.success) return issuesFindings(parsed.error.issues, value);
  const findings = [...unavailableSettings(parsed.data), ...crossChecks(parsed.data), ...fileFindings(parsed.data, options.exists)];
  if (findings.length === 0) findings.push(...pricesFindings(parsed.data, options));
  return findings.length > 0 ? findings : parsed.data;
}

function pricesFindings(charter: Charter, { read }: ParseOptions): Finding[] {
  const { prices } = charter.platform;
  return prices === undefined || read === undefined ? [] : priceFileFindings(charter, read(prices));
}

/** A zod message is what is allowed (see `fields.ts`); the rest follows from the value. */
function issueFindings(issue: z.core.$ZodIssue, value: unknown): Finding[] {
  const path = issue.path as PathPart[];
  const allowed = issue.message;
  if (issue.code === 'unrecognized_keys') {
    const known = allowed.split(', ');
    return issue.keys.slice(0, MOST_PROBLEMS).map((key) => ({
      path: [...path, key],
      message: 'is no setting here',
      given: describeValue(key),
      allowed,
      suggestion: didYouMean(key, known),
      intended: nearest(key, known),
    }));
  }
  if (issue.code === 'invalid_key') {
    const key = path.at(-1);
    return [{ path, message: 'is no key here', given: describeValue(key), allowed: issue.issues[0]?.message ?? allowed }];
  }
  const given = valueAt(value, path);
  return [{ path, message: given === undefined ? MISSING : 'is not allowed', allowed, suggestion: enumHint(given, allowed) }];
}

/** Only so many that the rest takes no time; unknown keys first, since they explain what is missing. */
function issuesFindings(issues: z.core.$ZodIssue[], value: unknown): Finding[] {
  const isUnknownKey = (issue: z.core.$ZodIssue): boolean => issue.code === 'unrecognized_keys';
  const first = [
    ...issues.filter(isUnknownKey).slice(0, MOST_PROBLEMS),
    ...issues.filter((issue) => !isUnknownKey(issue)).slice(0, 4 * MOST_PROBLEMS),
  ];
  return withoutEchoes(first.flatMap((issue) => issueFindings(issue, value)));
}

/** A misspelt key is one mistake: the key that is therefore missing is not reported as well. */
function withoutEchoes(findings: Finding[]): Finding[] {
  const meant = new Set(
    findings.flatMap(({ path, intended }) => (intended === undefined ? [] : [formatPath([...path.slice(0, -1), intended])])),
  );
  return findings.filter(({ path, message }) => message !== MISSING || !meant.has(formatPath(path)));
}

function enumHint(given: unknown, allowed: string): string | undefined {
  if (typeof given !== 'string' || !allowed.startsWith('one of ')) return undefined;
  return didYouMean(given, allowed.slice('one of '.length).split(', '));
}

function toProblem(finding: Finding, raw: unknown, file: string, line?: number): Problem {
  return {
    file,
    path: formatPath(finding.path),
    ...(line === undefined ? {} : { line }),
    given: finding.given ?? describeValue(valueAt(raw, finding.path)),
    allowed: finding.allowed,
    ...(finding.suggestion === undefined ? {} : { suggestion: finding.suggestion }),
    message: finding.message,
  };
}

const failed = (problems: Problem[]): CharterResult => ({ ok: false, problems });
