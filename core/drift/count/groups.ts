import type { FeaturePolicy } from '../../contracts/drift';
import type { Cell, Layout, Profile } from '../types';
import { groupsInOrder } from './merge';

/** Key of `Profile.groups` for groups that are no category of the layout. */
export const OTHER_GROUPS = '(other)';

/** Counts an outcome by group, over the rows that have both. */
export class GroupTally {
  private readonly by: number;
  private readonly outcome: number;
  private readonly favourable: string;
  private readonly categories: Set<string>;
  private readonly counts = new Map<string, { n: number; favourable: number }>();

  constructor(layout: Layout, { by, outcome, favourable }: NonNullable<Layout['groups']>, policies: FeaturePolicy[]) {
    this.by = policies.findIndex(({ name }) => name === by);
    this.outcome = policies.findIndex(({ name }) => name === outcome);
    this.favourable = favourable;
    const feature = layout.features.find(({ name }) => name === by);
    this.categories = new Set(feature?.kind === 'categorical' ? feature.categories : []);
  }

  add(cells: Cell[]): void {
    const group = this.keyOf(cells[this.by]);
    const outcome = cells[this.outcome];
    if (group === undefined || (typeof outcome !== 'string' && typeof outcome !== 'number')) return;
    let counts = this.counts.get(group);
    if (counts === undefined) this.counts.set(group, (counts = { n: 0, favourable: 0 }));
    counts.n += 1;
    if (String(outcome) === this.favourable) counts.favourable += 1;
  }

  result(): NonNullable<Profile['groups']> {
    return groupsInOrder(new Map([...this.counts].map(([group, counts]) => [group, { ...counts }])));
  }

  /** As many keys as the layout has categories, and one. */
  keyOf(cell: Cell | undefined): string | undefined {
    if (typeof cell !== 'string' && typeof cell !== 'number') return undefined;
    const group = String(cell);
    return this.categories.has(group) ? group : OTHER_GROUPS;
  }
}
