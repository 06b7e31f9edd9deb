import type { DriftSettings } from './drift-settings';

/** The settings as the charter would write them; what was left out is undefined. */
export function writtenDrift(settings: DriftSettings): Record<string, unknown> {
  const { owner, features, baseline, rhythm, windowsHours, falseAlarmsPerYear, minimumRows, joint, kpiMovement } = settings;
  const { brokenShareAbove, inputColumns, outputColumns, groups, truth } = settings;
  const isCsv = inputColumns !== undefined || outputColumns !== undefined;
  return {
    owner,
    features: features.map(({ _charter }) => _charter),
    baseline: baseline._charter,
    rhythm,
    windows: windowsHours?.map((hours) => `${hours}h`),
    falseAlarmsPerYear,
    minimumRows,
    joint,
    kpiMovement,
    brokenShareAbove,
    csv: isCsv ? { input: inputColumns, output: outputColumns } : undefined,
    groups: groups && { by: groups.by, outcome: groups.outcome, favourable: groups.favourable, threshold: groups.threshold },
    truth: truth?._charter,
  };
}
