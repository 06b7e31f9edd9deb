import type { DriftPolicy, FeaturePolicy, TextDerivation } from '../../contracts/drift';
import {
  type Cell,
  type FeatureCounts,
  type FeatureLayout,
  type Layout,
  MISSING,
  type Profile,
  type Row,
  type Skipped,
  WRONG_TYPE,
} from '../types';
import { derivationsOf, derivedCell, sampleCellOf } from './derive';
import { CategoricalTally, type FeatureTally, NumericTally } from './features';
import { GroupTally } from './groups';
import { Reconstruction } from './joint';
import { type NumberColumn, NumberColumns } from './number-columns';
import type { Profiler, SampleCell, SampleRow } from './types';

/** A feature of the layout that is a category, or derived from a text, and where in a row its value stands. */
interface Place {
  cell: number;
  tally: FeatureTally;
  derivation: TextDerivation | undefined;
  vocabulary: ReadonlySet<number> | undefined;
  /** Index among the features of the joint layout, or -1. */
  joint: number;
}

export function createProfiler(layout: Layout, policy: DriftPolicy): Profiler {
  const counting = new Counting(layout, policy);
  return { add: (row) => counting.add(row), profile: (skipped) => counting.profile(skipped) };
}

/** A profile of rows that were sampled, in which facts stand for texts. */
export function profileSample(layout: Layout, policy: DriftPolicy, rows: Iterable<SampleRow>, skipped: Skipped): Profile {
  const counting = new Counting(layout, policy);
  for (const row of rows) counting.addSampled(row);
  return counting.profile(skipped);
}

class Counting {
  private readonly numbers: NumberColumns;
  private readonly categories: Place[] = [];
  private readonly texts: { cell: number; places: Place[] }[] = [];
  /** In the order of the layout. */
  private readonly results: (() => FeatureCounts)[];
  private readonly joint: Reconstruction | undefined;
  private readonly groups: GroupTally | undefined;
  private rows = 0;
  private firstAt = Infinity;
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly layout: Layout,
    policy: DriftPolicy,
  ) {
    const columns: NumberColumn[] = [];
    this.results = layout.features.map((feature) => {
      const { place, policy: of } = placeOf(feature, layout, policy.features);
      if (feature.kind === 'numeric' && place.derivation === undefined) {
        const index = columns.push({ cell: place.cell, edges: feature.edges, range: of, joint: place.joint }) - 1;
        return () => this.numbers.result(index);
      }
      if (place.derivation === undefined) this.categories.push(place);
      else this.addText(place);
      return () => place.tally.result();
    });
    this.numbers = new NumberColumns(columns);
    this.joint = layout.joint === undefined ? undefined : new Reconstruction(layout.joint);
    this.groups = layout.groups === undefined ? undefined : new GroupTally(layout, layout.groups, policy.features);
  }

  add({ atMillis, cells }: Row): void {
    this.addPlain(cells);
    for (const { cell, places } of this.texts) this.countText(places, sampleCellOf(cells[cell], 'text'));
    this.close(atMillis);
  }

  addSampled({ atMillis, cells }: SampleRow): void {
    this.addPlain(cells.map((cell) => derivedCell(cell, undefined)));
    for (const { cell, places } of this.texts) this.countText(places, cells[cell] ?? null);
    this.close(atMillis);
  }

  profile(skipped: Skipped): Profile {
    const { rows, firstAt, lastAt, joint, groups } = this;
    return {
      schema: 'sluice.drift-profile/v1',
      layoutId: this.layout.id,
      rows,
      ...(firstAt === Infinity ? {} : { firstAt, lastAt }),
      features: this.results.map((result) => result()),
      ...(joint === undefined ? {} : { joint: { ...joint.counts } }),
      ...(groups === undefined ? {} : { groups: groups.result() }),
      skipped,
    };
  }

  private addText(place: Place): void {
    const known = this.texts.find(({ cell }) => cell === place.cell);
    if (known === undefined) this.texts.push({ cell: place.cell, places: [place] });
    else known.places.push(place);
  }

  /** What is no text. */
  private addPlain(cells: Cell[]): void {
    const { categories, joint } = this;
    this.numbers.add(cells, joint);
    for (let at = 0; at < categories.length; at += 1) {
      const place = categories[at] as Place;
      this.count(place, cells[place.cell]);
    }
    this.groups?.add(cells);
  }

  private countText(places: Place[], cell: SampleCell): void {
    for (const place of places) this.count(place, derivedCell(cell, place.derivation, place.vocabulary));
  }

  private count({ tally, joint }: Place, cell: Cell): void {
    if (typeof cell === 'number') {
      tally.number(cell);
      if (joint >= 0) this.joint?.set(joint, cell);
      return;
    }
    if (joint >= 0) this.joint?.set(joint, undefined);
    if (typeof cell === 'string') tally.text(cell);
    else if (cell === MISSING) tally.missing();
    else if (cell === WRONG_TYPE) tally.wrongType();
  }

  private close(atMillis: number | undefined): void {
    this.rows += 1;
    this.joint?.add(this.joint.steps());
    if (atMillis === undefined) return;
    if (atMillis < this.firstAt) this.firstAt = atMillis;
    if (atMillis > this.lastAt) this.lastAt = atMillis;
  }
}

function placeOf(feature: FeatureLayout, layout: Layout, policies: FeaturePolicy[]): { place: Place; policy: FeaturePolicy } {
  const { vocabularies, joint } = layout;
  const cell = policies.findIndex(({ name }) => name === feature.of);
  const policy = policies[cell];
  const derived = policy === undefined ? undefined : derivationsOf(policy).find(({ name }) => name === feature.name);
  if (policy === undefined || derived?.kind !== feature.kind) {
    throw new Error(
      `the layout has the ${feature.kind} feature ${feature.name}, the policy has none such (${policies.map(({ name }) => name).join(', ')}): fit the baseline again with this policy`,
    );
  }
  const { derivation } = derived;
  const vocabulary = derivation === 'unknown-words' && Object.hasOwn(vocabularies, feature.of) ? vocabularies[feature.of] : undefined;
  const place: Place = {
    cell,
    tally: feature.kind === 'numeric' ? new NumericTally(feature) : new CategoricalTally(feature, derivation === undefined ? policy : {}),
    derivation,
    vocabulary: vocabulary === undefined ? undefined : new Set(vocabulary),
    joint: joint?.features.indexOf(feature.name) ?? -1,
  };
  return { place, policy };
}
