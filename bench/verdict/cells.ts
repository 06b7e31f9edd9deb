import { KPIS } from './kpis';
import type { KpiName } from './kpis';
import type { ScenarioName } from './traffic';

export const RATES = [20, 200, 2000] as const;

interface Common {
  kpi: KpiName;
  perMinute: number;
  /** Days for the e-process; the first of them for the peers, and fewer for Kayenta's judge. */
  repetitions: number;
  peerRepetitions: number;
  kayentaRepetitions: number;
}

/** No change: how often is the candidate rolled back? */
export interface NullCell extends Common {
  kind: 'null';
  scenario: ScenarioName;
}

/** A worse candidate on a constant 5 %: after how many requests? */
export interface EffectCell extends Common {
  kind: 'effect';
  effect: string;
  calibrationRepetitions: number;
}

export interface PromotionCell extends Common {
  kind: 'promotion';
  /** No change, or worse by exactly the margin. */
  candidate: 'same' | 'at-the-margin';
}

export type Cell = NullCell | EffectCell | PromotionCell;

export interface Effect {
  kpi: KpiName;
  title: string;
  /** Binary: the candidate's rate. */
  rate?: number;
  /** Values: the factor of each. */
  factor?: number;
}

export const EFFECTS: Record<string, Effect> = {
  'conversion-10-20': { kpi: 'conversion-10', title: 'conversion 10 %, −20 %', rate: 0.08 },
  'conversion-10-50': { kpi: 'conversion-10', title: 'conversion 10 %, −50 %', rate: 0.05 },
  'conversion-10-90': { kpi: 'conversion-10', title: 'conversion 10 %, −90 %', rate: 0.01 },
  'conversion-2-50': { kpi: 'conversion-2', title: 'conversion 2 %, −50 %', rate: 0.01 },
  'errors-to-1': { kpi: 'errors', title: 'errors 0.1 → 1 %', rate: 0.01 },
  'errors-to-10': { kpi: 'errors', title: 'errors 0.1 → 10 %', rate: 0.1 },
  'cost-20': { kpi: 'cost', title: 'cost +20 %', factor: 1.2 },
};

export const kpiNames = Object.keys(KPIS) as KpiName[];
export const scenarioNames: ScenarioName[] = ['flat', 'ramp', 'late', 'sticky'];
/** Each look reads hundreds of strata anew: fewer days. */
export const YOUNG_KPIS: KpiName[] = ['conversion-10', 'conversion-2', 'errors', 'latency'];
export const YOUNG_DAYS: Record<number, number> = { 20: 1000, 200: 300 };

export interface Size {
  nullDays: number;
  effectDays: number;
  promotionDays: number;
  peerDays: (perMinute: number) => number;
  kayentaDays: (perMinute: number) => number;
  calibrationDays: number;
  rates: readonly number[];
}

export const FULL: Size = {
  nullDays: 2000,
  effectDays: 1000,
  promotionDays: 2000,
  peerDays: (perMinute) => (perMinute > 200 ? 400 : 200),
  kayentaDays: (perMinute) => (perMinute > 200 ? 150 : 100),
  calibrationDays: 400,
  rates: RATES,
};

export const QUICK: Size = {
  nullDays: 300,
  effectDays: 0,
  promotionDays: 0,
  peerDays: () => 0,
  kayentaDays: () => 0,
  calibrationDays: 0,
  rates: [20, 200],
};

export function nullCells(size: Size): NullCell[] {
  return size.rates.flatMap((perMinute) =>
    kpiNames.flatMap((kpi) =>
      scenarioNames.map((scenario): NullCell => ({
        kind: 'null',
        kpi,
        perMinute,
        scenario,
        repetitions: size.nullDays,
        peerRepetitions: size.peerDays(perMinute),
        kayentaRepetitions: size.kayentaDays(perMinute),
      })),
    ),
  );
}

export function allCells(size: Size): Cell[] {
  const effects = size.rates.flatMap((perMinute) =>
    Object.entries(EFFECTS).map(([effect, { kpi }]): EffectCell => ({
      kind: 'effect',
      effect,
      kpi,
      perMinute,
      repetitions: size.effectDays,
      peerRepetitions: size.peerDays(perMinute),
      kayentaRepetitions: size.kayentaDays(perMinute),
      calibrationRepetitions: size.calibrationDays,
    })),
  );
  const promotions = size.rates.flatMap((perMinute) =>
    kpiNames.flatMap((kpi) =>
      (['same', 'at-the-margin'] as const).map((candidate): PromotionCell => ({
        kind: 'promotion',
        candidate,
        kpi,
        perMinute,
        repetitions: size.promotionDays,
        peerRepetitions: 0,
        kayentaRepetitions: 0,
      })),
    ),
  );
  const young = Object.entries(YOUNG_DAYS).flatMap(([perMinute, repetitions]) =>
    YOUNG_KPIS.map((kpi): NullCell => ({
      ...{ kind: 'null', kpi, perMinute: Number(perMinute), scenario: 'young', repetitions },
      ...{ peerRepetitions: 0, kayentaRepetitions: 0 },
    })),
  );
  return [...nullCells(size), ...young, ...effects, ...promotions];
}

/** Names the cell, seeds its streams and its file. */
export function labelOf(cell: Cell): string {
  const what = cell.kind === 'null' ? cell.scenario : cell.kind === 'effect' ? cell.effect : cell.candidate;
  return `${cell.kind} ${cell.kpi} ${cell.perMinute} ${what}`;
}

/** Rough seconds on one core: for the order of the work and the time that is left. */
export function costOf(cell: Cell): number {
  const values = KPIS[cell.kpi].type === 'value';
  const perDay = 1.5 + cell.perMinute / (values ? 80 : 1000);
  const share = cell.kind === 'null' ? 1 : 0.4;
  return (perDay * share * cell.repetitions + perDay * 3 * cell.peerRepetitions + (values ? 45 : 10) * cell.kayentaRepetitions) / 1000;
}
