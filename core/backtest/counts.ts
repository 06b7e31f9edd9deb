import type { KpiPolicy } from '../contracts';
import type { TableRow } from '../tables';
import type { ArmCounts } from '../verdict';
import { countValue, valueScaleOf, type ValueScale } from '../verdict/value-scale';
import type { ArmNames } from './arms';
import { Feed, MINUTE_MILLIS } from './feed';
import { readRow } from './row';
import type { Survey } from './survey';
import type { BacktestPlan, RowCounts, RowFacts } from './types';

/** Longer histories are looked at in coarser steps. */
const MOST_STEPS = 50_000;
/** Times of observation are rounded up to such a part of the window. */
const WINDOW_PARTS = 60;

/** The second of two readings: rows become counters, by when they would have been seen. */
export class Counter {
  readonly rows: RowCounts;
  readonly feed: Feed;
  private readonly startMinute: number;
  private readonly stepMinutes: number;
  private readonly scales: (ValueScale | undefined)[];
  private readonly armOrder: string[];

  constructor(
    private readonly plan: BacktestPlan,
    private readonly policies: KpiPolicy[],
    private readonly arms: ArmNames,
    private readonly survey: Survey,
  ) {
    const both = [arms.candidate, arms.control].map((name) => survey.arms.get(name)!);
    this.startMinute = Math.floor(Math.min(...both.map(({ firstMillis }) => firstMillis)) / MINUTE_MILLIS);
    const endMinute = Math.floor(Math.max(...both.map(({ lastMillis }) => lastMillis)) / MINUTE_MILLIS);
    this.stepMinutes = Math.ceil((endMinute - this.startMinute + 1) / MOST_STEPS);
    this.scales = policies.map((policy) => (policy.type === 'mean' || policy.type === 'count' ? valueScaleOf(policy) : undefined));
    this.armOrder = [...survey.arms.keys()];
    this.feed = new Feed(this.startMinute, plan.rollout.stratumMinutes, policies);
    this.rows = {
      read: survey.read,
      used: 0,
      bad: survey.bad,
      badSamples: survey.badSamples,
      otherArms: 0,
      otherKpis: 0,
      late: 0,
      repeated: 0,
      crossedOver: 0,
    };
  }

  add(entry: TableRow): void {
    // Bad rows were counted by the first reading.
    const facts = 'problem' in entry ? undefined : readRow(entry.row, this.plan);
    if (facts === undefined || typeof facts === 'string') return;
    if (facts.onlyKpi === -1) {
      this.rows.otherKpis += 1;
      return;
    }
    const place = this.placeOf(facts);
    if (place === undefined) {
      this.rows.otherArms += 1;
      return;
    }
    this.rows.used += 1;
    this.countExposure(facts, place);
    facts.values.forEach((value, index) => {
      if (value !== undefined) this.countOutcome(facts, place, index, value);
    });
  }

  /** Where the row's unit was first exposed; undefined: in an arm that is not compared. */
  private placeOf(facts: RowFacts): Place | undefined {
    const exposure = facts.unit === undefined ? undefined : this.survey.units?.exposureOf(facts.unit);
    const arm = exposure === undefined ? facts.arm : this.armOrder[exposure.arm];
    if (arm !== facts.arm && this.isCompared(facts.arm)) this.rows.crossedOver += 1;
    if (arm === undefined || !this.isCompared(arm)) return undefined;
    const minute = exposure?.minute ?? Math.floor(facts.exposedMillis / MINUTE_MILLIS);
    return { arm: arm === this.arms.candidate ? 'candidate' : 'stable', minute };
  }

  private isCompared(arm: string): boolean {
    return arm === this.arms.candidate || arm === this.arms.control;
  }

  private countExposure(facts: RowFacts, place: Place): void {
    if (facts.unit !== undefined && this.survey.units?.raise(facts.unit, this.policies.length) === false) return;
    const seenAt = this.stepUp(place.minute + 1);
    for (let index = 0; index < this.policies.length; index++) {
      // A row about one KPI exposes its unit to that one only, unless units are named.
      if (facts.unit !== undefined || facts.onlyKpi === undefined || facts.onlyKpi === index) this.feed.add(seenAt, place, index, UNIT);
    }
    this.feed.add(seenAt, place, this.policies.length, UNIT);
  }

  private countOutcome(facts: RowFacts, place: Place, index: number, value: number): void {
    const policy = this.policies[index]!;
    if (policy.type === 'binary' && value === 0) return;
    const observedMinute = facts.observedMillis === undefined ? place.minute : Math.floor(facts.observedMillis / MINUTE_MILLIS);
    if (observedMinute > place.minute + policy.windowMinutes) {
      this.rows.late += 1;
      return;
    }
    if (facts.unit !== undefined && this.survey.units?.raise(facts.unit, index) === false) {
      this.rows.repeated += 1;
      return;
    }
    const counts = this.countsOf(policy, index, value);
    if (counts === undefined) return;
    const exposedBy = this.stepUp(place.minute + 1);
    // Where only mature minutes count, it makes no difference when within its window an outcome came.
    const seenAt = policy.delayDependsOnArm
      ? exposedBy
      : Math.max(exposedBy, this.stepUp(partUp(observedMinute + 1, policy.windowMinutes)));
    this.feed.add(seenAt, place, index, counts);
  }

  private countsOf(policy: KpiPolicy, index: number, value: number): ArmCounts | undefined {
    const scale = this.scales[index];
    if (scale !== undefined) {
      const { sum, squares, tilts } = countValue(scale, value);
      return { n: 0, x: 1, sum, squares, tilts };
    }
    const happened = policy.type === 'latency' ? value > (policy.aboveMillis ?? Number.POSITIVE_INFINITY) : value === 1;
    return happened ? { n: 0, x: 1 } : undefined;
  }

  private stepUp(minute: number): number {
    return this.startMinute + Math.ceil((minute - this.startMinute) / this.stepMinutes) * this.stepMinutes;
  }
}

interface Place {
  arm: 'candidate' | 'stable';
  minute: number;
}

const UNIT: ArmCounts = { n: 1, x: 0 };

function partUp(minute: number, windowMinutes: number): number {
  const part = Math.max(1, Math.floor(windowMinutes / WINDOW_PARTS));
  return Math.ceil(minute / part) * part;
}
