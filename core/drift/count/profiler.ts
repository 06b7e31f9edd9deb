import type { DriftPolicy, FeaturePolicy, TextDerivation } from '../../contracts/drift';
import { type Cell, type Layout, MISSING, type Profile, type Row, type Skipped, WRONG_TYPE } from '../types';
import { derivationsOf, derivedCell, sampleCellOf } from './derive';
import { CategoricalTally, type FeatureTally, NumericTally } from './features';
import { GroupTally } from './groups';
import { Reconstruction } from './joint';
import type { Profiler, SampleCell, SampleRow } from './types';

/** One feature of the layout, and where in a row its value stands. */
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

/** A number that is no part of the joint layout: most values are such. */
interface NumberPlace {
  cell: number;
  tally: NumericTally;
}

class Counting {
  private readonly places: Place[];
  private readonly texts: { cell: number; places: Place[] }[] = [];
  private readonly numbers: NumberPlace[] = [];
  private readonly plain: Place[] = [];
  private readonly joint: Reconstruction | undefined;
  private readonly groups: GroupTally | undefined;
  private rows = 0;
  private firstAt = Infinity;
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly layout: Layout,
    policy: DriftPolicy,
  ) {
    this.places = placesOf(layout, policy.features);
    for (const place of this.places) {
      const known = this.texts.find(({ cell }) => cell === place.cell);
      const { cell: at, tally, joint } = place;
      if (place.derivation === undefined && joint < 0 && tally instanceof NumericTally) this.numbers.push({ cell: at, tally });
      else if (place.derivation === undefined) this.plain.push(place);
      else if (known === undefined) this.texts.push({ cell: place.cell, places: [place] });
      else known.places.push(place);
    }
    this.joint = layout.joint === undefined ? undefined : new Reconstruction(layout.joint);
    this.groups = layout.groups === undefined ? undefined : new GroupTally(layout, layout.groups, policy.features);
  }

  add({ atMillis, cells }: Row): void {
    const { numbers, plain, texts } = this;
    // Loops without iterators: this runs for every value of every row.
    for (let at = 0; at < numbers.length; at += 1) {
      const { cell, tally } = numbers[at] as NumberPlace;
      const value = cells[cell];
      if (typeof value === 'number') tally.number(value);
      else if (value === MISSING) tally.missing();
      else tally.wrongType();
    }
    for (let at = 0; at < plain.length; at += 1) {
      const place = plain[at] as Place;
      this.count(place, cells[place.cell]);
    }
    if (texts.length > 0) for (const { cell, places } of texts) this.countText(places, sampleCellOf(cells[cell], 'text'));
    this.groups?.add(cells);
    this.close(atMillis);
  }

  addSampled({ atMillis, cells }: SampleRow): void {
    const plain = cells.map((cell) => derivedCell(cell, undefined));
    for (const place of this.places) if (place.derivation === undefined) this.count(place, plain[place.cell]);
    for (const { cell, places } of this.texts) this.countText(places, cells[cell] ?? null);
    this.groups?.add(plain);
    this.close(atMillis);
  }

  profile(skipped: Skipped): Profile {
    const { rows, firstAt, lastAt, joint, groups } = this;
    return {
      schema: 'sluice.drift-profile/v1',
      layoutId: this.layout.id,
      rows,
      ...(firstAt === Infinity ? {} : { firstAt, lastAt }),
      features: this.places.map(({ tally }) => tally.result()),
      ...(joint === undefined ? {} : { joint: { ...joint.counts } }),
      ...(groups === undefined ? {} : { groups: groups.result() }),
      skipped,
    };
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

function placesOf({ features, vocabularies, joint }: Layout, policies: FeaturePolicy[]): Place[] {
  const sets = new Map(Object.entries(vocabularies).map(([name, hashes]) => [name, new Set(hashes)]));
  return features.map((feature) => {
    const cell = policies.findIndex(({ name }) => name === feature.of);
    const policy = policies[cell];
    const derived = policy === undefined ? undefined : derivationsOf(policy).find(({ name }) => name === feature.name);
    if (policy === undefined || derived?.kind !== feature.kind) {
      throw new Error(
        `the layout has the ${feature.kind} feature ${feature.name}, the policy has none such (${policies.map(({ name }) => name).join(', ')}): fit the baseline again with this policy`,
      );
    }
    const range = derived.derivation === undefined ? policy : {};
    return {
      cell,
      tally: feature.kind === 'numeric' ? new NumericTally(feature, range) : new CategoricalTally(feature, range),
      derivation: derived.derivation,
      vocabulary: sets.get(feature.of),
      joint: joint?.features.indexOf(feature.name) ?? -1,
    };
  });
}
