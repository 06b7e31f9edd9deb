import type { DriftFinding, DriftPolicy } from '../../contracts/drift';
import { type Cell, type DriftBaseline, type FeatureCounts, MISSING, type Profile, type Row, WRONG_TYPE } from '../types';
import { derivationsOf, derivedCell, sampleCellOf } from './derive';
import { OTHER_GROUPS } from './groups';
import { finished, hash32 } from './hash';
import { cellOf } from './histogram';
import { reconstructionSteps } from './joint';
import type { ExampleFinder } from './types';

/** How well a row shows a finding: 0 not at all. */
type Score = (row: Row) => number;

interface Scene {
  baseline: DriftBaseline;
  window: Profile;
  policy: DriftPolicy;
}

/** Ids of rows that show what was found, in a second pass over the window; the same for any order of the rows. */
export function createExamples(
  baseline: DriftBaseline,
  window: Profile,
  policy: DriftPolicy,
  findings: DriftFinding[],
  each = 5,
): ExampleFinder {
  const scene = { baseline, window, policy };
  const best = findings.map((finding) => new Best(scoreOf(finding, scene), each));
  return {
    add: (row) => {
      for (const one of best) one.add(row);
    },
    examples: () => best.map((one) => one.ids()),
  };
}

class Best {
  private rows: { id: string; score: number; hash: number }[] = [];

  constructor(
    private readonly score: Score,
    private readonly size: number,
  ) {}

  add(row: Row): void {
    const score = this.score(row);
    const last = this.rows.at(-1);
    if (!(score > 0) || (last !== undefined && this.rows.length >= this.size && score < last.score)) return;
    const { id } = row;
    const known = this.rows.find((one) => one.id === id);
    if (known === undefined) this.rows.push({ id, score, hash: finished(hash32(id)) });
    else known.score = Math.max(known.score, score);
    this.rows.sort((left, right) => right.score - left.score || left.hash - right.hash || (left.id < right.id ? -1 : 1));
    this.rows.length = Math.min(this.rows.length, this.size);
  }

  ids(): string[] {
    return this.rows.map(({ id }) => id);
  }
}

function scoreOf({ check, feature }: DriftFinding, scene: Scene): Score {
  if (check === 'joint') return jointScore(scene);
  if (check === 'group') return groupScore(feature, scene);
  const cell = cellReader(feature, scene);
  const at = scene.baseline.layout.features.findIndex(({ name }) => name === feature);
  const counts: [FeatureCounts | undefined, FeatureCounts | undefined] = [scene.window.features[at], scene.baseline.profile.features[at]];
  switch (check) {
    case 'missing':
    case 'incomplete':
      return (row) => Number(cell(row) === MISSING);
    case 'wrong-type':
      return (row) => Number(isWrongType(cell(row), scene.baseline.layout.features[at]?.kind));
    case 'unseen':
      return unseenScore(cell, at, scene);
    case 'out-of-range':
      return rangeScore(cell, feature, scene);
    case 'distribution':
      return distributionScore(cell, at, scene, ...counts);
    // Labels and KPIs are no matter of single rows.
    case 'quality':
    case 'kpi':
      return () => 0;
  }
}

const isWrongType = (cell: Cell | undefined, kind: 'numeric' | 'categorical' | undefined): boolean =>
  cell === WRONG_TYPE || (kind === 'numeric' && typeof cell === 'string');

/** The value of a feature of the layout, or of the policy. */
function cellReader(feature: string, { baseline, policy }: Scene): (row: Row) => Cell {
  const layout = baseline.layout.features.find(({ name }) => name === feature);
  const at = policy.features.findIndex(({ name }) => name === (layout?.of ?? feature));
  const of = policy.features[at];
  if (of?.kind !== 'text') return ({ cells }) => cells[at];
  const derivation = derivationsOf(of).find(({ name }) => name === feature)?.derivation;
  const { vocabularies } = baseline.layout;
  // As the profiler has it: where no vocabulary is known, there is no share.
  const vocabulary = Object.hasOwn(vocabularies, of.name) ? new Set(vocabularies[of.name]) : undefined;
  return ({ cells }) => derivedCell(sampleCellOf(cells[at], 'text'), derivation, vocabulary);
}

/** Rows in the cells that have more of them than in the baseline; the more, the better. */
function distributionScore(
  cell: (row: Row) => Cell,
  at: number,
  { baseline }: Scene,
  window: FeatureCounts | undefined,
  before: FeatureCounts | undefined,
): Score {
  const layout = baseline.layout.features[at];
  if (layout === undefined || window === undefined || before === undefined) return () => 0;
  const shares = ({ cells }: FeatureCounts): number[] => {
    const sum = cells.reduce((total, count) => total + count, 0);
    return cells.map((count) => (sum === 0 ? 0 : count / sum));
  };
  const was = shares(before);
  const excess = shares(window).map((share, index) => share - (was[index] ?? 0));
  if (layout.kind === 'numeric') {
    return (row) => {
      const value = cell(row);
      return typeof value === 'number' ? (excess[cellOf(layout.edges, value)] ?? 0) : 0;
    };
  }
  const index = new Map(layout.categories.map((category, place) => [category, place]));
  return (row) => {
    const value = cell(row);
    if (typeof value !== 'string' && typeof value !== 'number') return 0;
    return excess[index.get(String(value)) ?? layout.categories.length] ?? 0;
  };
}

function unseenScore(cell: (row: Row) => Cell, at: number, { baseline }: Scene): Score {
  const layout = baseline.layout.features[at];
  if (layout?.kind !== 'categorical' || layout.known === undefined) return () => 0;
  const known = new Set(layout.known);
  const categories = new Set(layout.categories);
  return (row) => {
    const value = cell(row);
    if (typeof value !== 'string' && typeof value !== 'number') return 0;
    return Number(!categories.has(String(value)) && !known.has(hash32(String(value))));
  };
}

function rangeScore(cell: (row: Row) => Cell, feature: string, { policy }: Scene): Score {
  const {
    atLeast = Number.NEGATIVE_INFINITY,
    atMost = Number.POSITIVE_INFINITY,
    oneOf,
  } = policy.features.find(({ name }) => name === feature) ?? {};
  const allowed = oneOf === undefined ? undefined : new Set(oneOf);
  return (row) => {
    const value = cell(row);
    if (typeof value === 'string') return Number(allowed?.has(value) === false);
    return Number(typeof value === 'number' && (value < atLeast || value > atMost));
  };
}

/** Rows of the group, with the outcome that it has more often than before. */
function groupScore(name: string, { baseline, window, policy }: Scene): Score {
  const { groups } = baseline.layout;
  if (groups === undefined || !name.startsWith(`${groups.by}=`)) return () => 0;
  const group = name.slice(groups.by.length + 1);
  const rate = (profile: Profile): number => {
    const { n = 0, favourable = 0 } = new Map(Object.entries(profile.groups ?? {})).get(group) ?? {};
    return n === 0 ? 0 : favourable / n;
  };
  const more = rate(window) > rate(baseline.profile);
  const by = policy.features.findIndex((feature) => feature.name === groups.by);
  const outcome = policy.features.findIndex((feature) => feature.name === groups.outcome);
  const layout = baseline.layout.features.find((feature) => feature.name === groups.by);
  const categories = new Set(layout?.kind === 'categorical' ? layout.categories : []);
  return ({ cells }) => {
    const [value, result] = [cells[by], cells[outcome]];
    if (typeof value !== 'string' || typeof result !== 'string') return 0;
    const isInGroup = (categories.has(value) ? value : OTHER_GROUPS) === group;
    return Number(isInGroup && (result === groups.favourable) === more);
  };
}

function jointScore(scene: Scene): Score {
  const { joint } = scene.baseline.layout;
  if (joint === undefined) return () => 0;
  const readers = joint.features.map((feature) => cellReader(feature, scene));
  return (row) => {
    const values = readers.map((read) => read(row));
    return reconstructionSteps(
      joint,
      values.map((value) => (typeof value === 'number' ? value : undefined)),
    );
  };
}
