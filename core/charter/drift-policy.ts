import type { DataSet } from '../contracts/gate';
import type { DriftBaselineSource, DriftPolicy, FeaturePolicy, TruthPolicy } from '../contracts/drift';
import type { Charter } from './schema';
import type { CharterData } from './sections/data';
import type { DriftSection, DriftSectionFeature } from './sections/drift';

export type TableFormat = Extract<DriftBaselineSource, { kind: 'training-data' }>['format'];

const FORMAT_OF: Record<string, TableFormat> = { csv: 'csv', jsonl: 'jsonl', ndjson: 'jsonl', parquet: 'parquet' };

/** What a file's name says of its format. */
export function formatOf(data: CharterData): TableFormat | undefined {
  const name = 'file' in data ? data.file : data.key;
  const [, ending = ''] = /\.([a-z]+)$/i.exec(name) ?? [];
  return FORMAT_OF[ending.toLowerCase()];
}

/** Captures are what drift is seen in: a profile may serve in a mode without. */
export const watchesDrift = ({ drift, serving }: Pick<Charter, 'drift' | 'serving'>): boolean =>
  drift !== undefined && serving.mode === 'real-time';

/** The charter's section as the handler reads it; undefined: nothing is watched. `place` says where a file of the charter is once deployed. */
export function driftPolicyOf(charter: Charter, place: (data: CharterData) => DataSet): DriftPolicy | undefined {
  const { drift, owners, rollout } = charter;
  if (drift === undefined || !watchesDrift(charter)) return undefined;
  const owner = 'quality' in owners ? 'quality' : 'process';
  return { ...driftPolicyFrom(drift, { owner, holdout: rollout.holdout > 0 }), baseline: driftBaselineOf(drift.baseline, place) };
}

/** All but the files; `defaults`: what the rest of a charter says. */
export function driftPolicyFrom(drift: DriftSection, defaults: { owner: string; holdout: boolean }): Omit<DriftPolicy, 'baseline'> {
  const { windows, falseAlarmsPerYear, minimumRows, rhythm, brokenShareAbove, csv, groups } = drift;
  return {
    features: drift.features.map(featureOf),
    ...(csv === undefined ? {} : { csv }),
    rhythm,
    windowsHours: windows,
    falseAlarmsPerYear,
    minimumRows,
    joint: drift.joint ?? (numericCount(drift) >= 2 && drift.baseline.statistics === undefined),
    ...(groups === undefined ? {} : { groups }),
    ...(drift.truth === undefined ? {} : { truth: truthOf(drift.truth) }),
    kpiMovement: drift.kpiMovement ?? defaults.holdout,
    brokenShareAbove,
    owner: drift.owner ?? defaults.owner,
  };
}

export const numericCount = ({ features }: DriftSection): number => features.filter(({ type }) => type === 'numeric').length;

function featureOf({ name, input, output, type, threshold, derive, completeness, range, oneOf }: DriftSectionFeature): FeaturePolicy {
  const [low = null, high = null] = range ?? [];
  return {
    name,
    side: input === undefined ? 'output' : 'input',
    path: input ?? output ?? name,
    kind: type,
    ...(threshold === undefined ? {} : { threshold }),
    ...(derive === undefined ? {} : { derive }),
    ...(completeness === undefined ? {} : { completenessAtLeast: completeness }),
    ...(low === null ? {} : { atLeast: low }),
    ...(high === null ? {} : { atMost: high }),
    ...(oneOf === undefined ? {} : { oneOf }),
  };
}

export function driftBaselineOf(given: DriftSection['baseline'], place: (data: CharterData) => DataSet): DriftBaselineSource {
  const { trainingData, statistics, constraints, firstDays, timeColumn } = given;
  if (trainingData !== undefined) {
    return {
      kind: 'training-data',
      data: place(trainingData),
      format: given.format ?? formatOf(trainingData) ?? 'jsonl',
      ...(timeColumn === undefined ? {} : { timeColumn }),
    };
  }
  if (statistics !== undefined) {
    return {
      kind: 'statistics',
      statistics: place(statistics),
      ...(constraints === undefined ? {} : { constraints: place(constraints) }),
    };
  }
  if (firstDays === undefined) throw new Error('drift.baseline has no source');
  return { kind: 'first-days', days: firstDays };
}

function truthOf({ window: windowMinutes, ...rest }: NonNullable<DriftSection['truth']>): TruthPolicy {
  return { ...rest, windowMinutes };
}
