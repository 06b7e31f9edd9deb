import type { DriftPolicy } from '../../contracts/drift';
import { BadInputError } from '../../errors';
import { canonicalJson, sha256Hex } from '../../hash';
import { mergeProfiles, nothingSkipped, profileSample, type Sample, type SampleRow } from '../count';
import { SLOTS, slotOf } from '../judge/reference';
import { sumOf } from '../judge/two-gates';
import { hourOfMillis } from '../places';
import type { Cell, DriftBaseline, FeatureCounts, FeatureLayout, Layout, Profile } from '../types';
import { categoricalLayout, isRanked, tallyOf } from './categories';
import { type Column, columnsOf, numberOf } from './columns';
import { quantileEdges } from './edges';
import { fitJoint } from './joint';
import { vocabulariesOf } from './vocabulary';

/**
 * The layout and the counts of a sample of rows. What is chosen because it is frequent (top categories, words, components) is chosen in
 * one half of the rows and counted in the other: counted in the same rows it would look more frequent than it ever is again.
 */
export function fitBaseline(sample: Sample, policy: DriftPolicy, source: DriftBaseline['source']): DriftBaseline {
  const rows = sample.rows;
  if (rows.length === 0) throw new BadInputError('The baseline has no rows: give training data, or days, with at least one readable row.');
  const vocabularies = vocabulariesOf(rows.filter(isChosen), policy.features);
  const columns = columnsOf(rows, policy, vocabularies);
  const joint = policy.joint ? fitJoint(jointColumns(columns, rows)) : undefined;
  const groups = policy.groups === undefined ? undefined : namedGroups(policy.groups);
  const layout = layoutOf({
    features: columns.map((column) => featureLayout(column, rows)),
    vocabularies,
    ...(joint === undefined ? {} : { joint }),
    ...(groups === undefined ? {} : { groups }),
  });
  const count = counterOf(layout, policy, columns);
  const profile = count(rows);
  if (profile.features.every(({ cells }) => sumOf(cells) === 0)) throw noValues(sample, policy);
  const slots = slotsOf(rows, policy)?.map(count);
  return { schema: 'sluice.drift-baseline/v1', layout, profile, ...(slots === undefined ? {} : { slots }), source };
}

/** `id` is the hash of the rest. */
export function layoutOf(rest: Omit<Layout, 'id'>): Layout {
  return { id: sha256Hex(canonicalJson(rest)).slice(0, 32), ...rest };
}

/** In one half is chosen, in the other counted: by the last bit of the hash. */
const isChosen = ({ hash }: SampleRow): boolean => (hash & 1) === 0;

const namedGroups = ({ by, outcome, favourable }: NonNullable<DriftPolicy['groups']>): NonNullable<Layout['groups']> => ({
  by,
  outcome,
  favourable,
});

function featureLayout(column: Column, rows: SampleRow[]): FeatureLayout {
  const { name, of, cells, tally, naming } = column;
  if (column.kind === 'numeric') {
    const values = cells.filter((cell) => typeof cell === 'number');
    return { name, of, kind: 'numeric', edges: quantileEdges(values) };
  }
  return categoricalLayout(name, of, tally, isRanked(tally, naming) ? tallyOf(ofChosen(cells, rows)) : tally, naming);
}

const ofChosen = (cells: Cell[], rows: SampleRow[]): Cell[] => cells.filter((_, row) => isChosen(rows[row]!));

/** Without unknown words: in the half that the vocabulary is from there are too few. */
function jointColumns(columns: Column[], rows: SampleRow[]): { name: string; values: (number | undefined)[] }[] {
  return columns
    .filter(({ kind, derivation }) => kind === 'numeric' && derivation !== 'unknown-words')
    .map(({ name, cells }) => ({ name, values: ofChosen(cells, rows).map(numberOf) }));
}

/** Counts rows of the sample, each feature in all of them, or in the half where nothing of it was chosen. */
function counterOf(layout: Layout, policy: DriftPolicy, columns: Column[]): (rows: SampleRow[]) => Profile {
  const isHalved = columns.map((column) => column.derivation === 'unknown-words' || isRanked(column.tally, column.naming));
  return (rows) => {
    const counted = rows.filter((row) => !isChosen(row));
    const half = profileSample(layout, policy, counted, nothingSkipped());
    const all = mergeProfiles([half, profileSample(layout, policy, rows.filter(isChosen), nothingSkipped())]);
    const features = columns.map((column, index): FeatureCounts => {
      const counts = (isHalved[index] === true ? half : all).features[index]!;
      return { ...counts, unseen: singles(column, isHalved[index] === true ? counted : rows) };
    });
    return { ...all, features, ...(half.joint === undefined ? {} : { joint: half.joint }) };
  };
}

/** Rows whose value no other row has: by Good and Turing as many as will have a value that was never seen. */
const singles = ({ once }: Column, rows: SampleRow[]): number => (once.size === 0 ? 0 : rows.filter((row) => once.has(row)).length);

function slotsOf(rows: SampleRow[], { rhythm }: DriftPolicy): SampleRow[][] | undefined {
  const slots = Array.from({ length: SLOTS[rhythm] }, (): SampleRow[] => []);
  for (const row of rows) if (row.atMillis !== undefined) slots[slotOf(hourOfMillis(row.atMillis), slots.length)]?.push(row);
  return slots.some(({ length }) => length > 0) ? slots : undefined;
}

function noValues({ rows }: Sample, { features }: DriftPolicy): BadInputError {
  const named = features.map(({ name, path }) => `${name} (${path})`).join(', ');
  return new BadInputError(
    `The baseline's ${rows.length} rows have no value of any watched feature: ${named}. Give data with these, or change the paths in the charter.`,
  );
}
