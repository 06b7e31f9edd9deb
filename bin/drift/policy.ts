import path from 'node:path';
import { driftPolicyOf, formatProblem } from '../../core/charter';
import { didYouMean } from '../../core/charter/suggest';
import type { DriftPolicy, FeatureKind, FeaturePolicy, Rhythm } from '../../core/contracts';
import { DRIFT_WINDOWS } from '../../core/contracts';
import { BadInputError } from '../../core/errors';
import type { ParsedArguments } from '../arguments';
import { CHARTER_FILE, readCharter } from '../use-case';
import type { AnyColumn } from './columns';
import type { Survey } from './survey';

const KINDS: FeatureKind[] = ['numeric', 'categorical', 'text'];
const RHYTHMS: Rhythm[] = ['none', 'daily', 'weekly'];
const LONGEST_NAME = 64;
/** As many as a charter may name; with more, what goes together is not looked at. */
const MOST_JOINT = 200;

/** What is watched, and how that was found out. */
export interface Watched {
  policy: DriftPolicy;
  /** False: the charter says it. */
  inferred: boolean;
  leftOut: { name: string; reason: string }[];
}

/** What the charter, else the data, says; laid over by the options. */
export function watchedOf(parsed: ParsedArguments, survey: () => Promise<{ baseline: Survey; window: Survey }>): Promise<Watched> {
  const { charter } = parsed.texts;
  return charter === undefined ? inferredFrom(parsed, survey) : Promise.resolve(charterWatch(charter, parsed));
}

function charterWatch(given: string, parsed: ParsedArguments): Watched {
  const directory = path.basename(given) === CHARTER_FILE ? path.dirname(given) : given;
  const { file, result } = readCharter(directory);
  if (!result.ok) throw new BadInputError(result.problems.map(formatProblem).join('\n\n'));
  const { charter } = result;
  // On files it does not matter how requests are served.
  const served = { ...charter, serving: { ...charter.serving, mode: 'real-time' as const } };
  const policy = driftPolicyOf(served, () => ({ bucket: '', key: '' }));
  if (policy === undefined) {
    throw new BadInputError(
      `${file}: has no section drift\n  allowed: a drift section with features, or no --charter: features are then inferred`,
    );
  }
  const chosen = namedFeatures(parsed)?.map(({ name }) => policyNamed(policy.features, name));
  const leftOut = policy.features
    .filter((feature) => chosen?.includes(feature) === false)
    .map(({ name }) => ({ name, reason: 'is not asked for' }));
  return { policy: withOptions({ ...policy, features: chosen ?? policy.features }, parsed), inferred: false, leftOut };
}

function policyNamed(features: FeaturePolicy[], name: string): FeaturePolicy {
  const found = features.find((feature) => feature.name === name);
  if (found !== undefined) return found;
  throw unknownFeature(
    name,
    features.map((feature) => feature.name),
    'the charter',
  );
}

async function inferredFrom(parsed: ParsedArguments, survey: () => Promise<{ baseline: Survey; window: Survey }>): Promise<Watched> {
  const { baseline, window } = await survey();
  const timeColumn = parsed.texts['time-column'];
  const columns = baseline.columns.filter(({ label }) => label !== timeColumn);
  const asked = namedFeatures(parsed);
  const chosen = asked === undefined ? judgedColumns(columns) : askedColumns(asked, columns);
  if (chosen.watched.length === 0) throw nothingToWatch(chosen.leftOut, baseline);
  // Training data and captures: the captures know which side a column is on.
  const placed = window.captured && !baseline.captured ? window.columns : [];
  const names = new Set<string>();
  const features = chosen.watched.map(({ column, kind }) => featureOf(column, kind, placed, names));
  const numeric = features.filter(({ kind }) => kind === 'numeric').length;
  const further =
    baseline.further === 0 ? [] : [{ name: `${baseline.further} more columns`, reason: 'are beyond the 500 that are looked at' }];
  const policy: DriftPolicy = {
    features,
    baseline: { kind: 'training-data', data: { bucket: '', key: '' }, format: 'jsonl' },
    rhythm: 'none',
    windowsHours: [...DRIFT_WINDOWS],
    falseAlarmsPerYear: 1,
    minimumRows: 200,
    joint: numeric >= 2 && numeric <= MOST_JOINT,
    kpiMovement: false,
    brokenShareAbove: 0.01,
    owner: 'quality',
  };
  return { policy: withOptions(policy, parsed), inferred: true, leftOut: [...chosen.leftOut, ...further] };
}

interface Chosen {
  watched: { column: AnyColumn; kind: FeatureKind }[];
  leftOut: Watched['leftOut'];
}

function judgedColumns(columns: AnyColumn[]): Chosen {
  const chosen: Chosen = { watched: [], leftOut: [] };
  for (const column of columns) {
    const judged = column.judged();
    if ('kind' in judged) chosen.watched.push({ column, kind: judged.kind });
    else chosen.leftOut.push({ name: column.label === '' ? '(no name)' : column.label, reason: judged.leftOut });
  }
  return chosen;
}

function askedColumns(asked: Asked[], columns: AnyColumn[]): Chosen {
  const watched = asked.map(({ name, kind }) => {
    const column = columns.find(({ label }) => label === name) ?? columns.find((one) => one.path === name || nameOf(one.label) === name);
    if (column === undefined)
      throw unknownFeature(
        name,
        columns.map(({ label }) => label),
        'the baseline',
      );
    return { column, kind: kind ?? column.asked() };
  });
  const leftOut = columns.filter((column) => !watched.some((one) => one.column === column));
  return { watched, leftOut: leftOut.map(({ label }) => ({ name: label, reason: 'is not asked for' })) };
}

function featureOf(column: AnyColumn, kind: FeatureKind, placed: AnyColumn[], names: Set<string>): FeaturePolicy {
  const name = uniqueName(nameOf(column.label), names);
  const seen = placed.find(({ label, path: one }) => label === column.label || one === column.path);
  return { name, side: seen?.side ?? column.side, path: seen?.path ?? column.path, kind };
}

/** As charters allow names. */
const nameOf = (label: string): string => label.replaceAll(/[^\w-]+/g, '_').slice(0, LONGEST_NAME) || 'column';

function uniqueName(wanted: string, names: Set<string>): string {
  // Names that every object has say nothing as keys.
  let name = wanted in {} ? `${wanted}_` : wanted;
  for (let count = 2; names.has(name); count += 1) name = `${wanted.slice(0, LONGEST_NAME - 4)}_${count}`;
  names.add(name);
  return name;
}

interface Asked {
  name: string;
  kind?: FeatureKind;
}

/** `hour,zip:categorical`. */
function namedFeatures(parsed: ParsedArguments): Asked[] | undefined {
  const text = parsed.texts['features'];
  if (text === undefined) return undefined;
  const asked = text.split(',').map((one): Asked => {
    const [, name = '', kind] = /^(.*?)(?::(numeric|categorical|text))?$/s.exec(one.trim()) ?? [];
    return { name, ...(kind === undefined ? {} : { kind: kind as FeatureKind }) };
  });
  const empty = asked.some(({ name }) => name === '');
  const twice = new Set(asked.map(({ name }) => name)).size < asked.length;
  if (empty || twice) {
    throw new BadInputError(
      `sluice drift: --features ${text}\n  allowed: names with commas between, each once; a kind may follow: ${KINDS.map((kind) => `zip:${kind}`).join(', ')}`,
    );
  }
  return asked;
}

function withOptions(policy: DriftPolicy, parsed: ParsedArguments): DriftPolicy {
  const threshold = numberIn(parsed, 'threshold', 0.01, 1);
  const minimumRows = numberIn(parsed, 'minimum-rows', 2, 1_000_000);
  const rhythm = parsed.texts['rhythm'];
  if (rhythm !== undefined && !RHYTHMS.includes(rhythm as Rhythm)) {
    throw new BadInputError(`sluice drift: --rhythm ${rhythm}\n  allowed: ${RHYTHMS.join(', ')}`);
  }
  return {
    ...policy,
    ...(rhythm === undefined ? {} : { rhythm: rhythm as Rhythm }),
    ...(minimumRows === undefined ? {} : { minimumRows: Math.round(minimumRows) }),
    ...(threshold === undefined ? {} : { features: policy.features.map((feature) => ({ ...feature, threshold })) }),
  };
}

function numberIn(parsed: ParsedArguments, name: string, low: number, high: number): number | undefined {
  const text = parsed.texts[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= low && value <= high))
    throw new BadInputError(`sluice drift: --${name} ${text}\n  allowed: a number from ${low} to ${high}`);
  return value;
}

function unknownFeature(name: string, known: string[], where: string): BadInputError {
  const hint = didYouMean(name, known);
  const shown = known.slice(0, 30).join(', ') + (known.length > 30 ? ', …' : '');
  return new BadInputError(
    `sluice drift: --features ${name}: ${where} has no such feature\n  allowed: ${shown}${hint === undefined ? '' : `\n  ${hint}`}`,
  );
}

function nothingToWatch(leftOut: Watched['leftOut'], { rows, problem }: Survey): BadInputError {
  if (rows === 0)
    return new BadInputError(
      `sluice drift: the baseline has no row that can be read${problem === undefined ? '' : `\n  the first: ${problem}`}\n  allowed: a table with a header and rows, or captured records`,
    );
  const why = leftOut.map(({ name, reason }) => `${name} ${reason}`).join(', ');
  return new BadInputError(
    `sluice drift: the baseline has nothing to watch: ${why}\n  allowed: name what to watch with --features, or give --charter`,
  );
}
