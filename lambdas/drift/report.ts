import type { DriftLook, DriftMute, DriftPolicy } from '../../core/contracts';
import { mergeSkipped } from '../../core/drift/count';
import { renderDriftReport, windowText } from '../../core/drift/report';
import { DRIFT_FOLDERS, hourFolder } from '../../core/drift/places';
import type { KnownBaseline } from './baseline';
import type { JudgedWindow } from './judge';
import type { DriftParts } from './parts';

export interface ReportInput {
  look: DriftLook;
  judged: JudgedWindow[];
  baseline?: KnownBaseline;
  mutes: DriftMute[];
  notCompared: string[];
}

/** The hour's page. Returns where it lies. */
export async function writeReport({ bucket, useCase }: DriftParts, policy: DriftPolicy, input: ReportInput): Promise<string> {
  const { look, judged, baseline, mutes, notCompared } = input;
  const page = renderDriftReport({
    title: useCase,
    look,
    ...(baseline === undefined ? {} : { baseline: baseline.baseline }),
    windows: judged.map(({ window, comparison }) => ({
      name: windowText(window.hours),
      window,
      ...(comparison === undefined ? {} : { comparison }),
    })),
    skipped: mergeSkipped(judged.slice(-1).flatMap(({ profile }) => (profile === undefined ? [] : [profile.skipped]))),
    mutes,
    notes: [
      `Told to: ${policy.owner}. At most ${policy.falseAlarmsPerYear} false alarms a year over all checks.`,
      ...(notCompared.length === 0 ? [] : [`Not compared, since the baseline has no values of them: ${notCompared.join(', ')}.`]),
    ],
  });
  const key = `${DRIFT_FOLDERS.reports}/${hourFolder(Date.parse(`${look.hour}:00:00Z`))}.html`;
  await bucket.put(key, page, undefined, 'text/html; charset=utf-8');
  return bucket.uri(key);
}
