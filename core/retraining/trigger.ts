import type { RetrainingPolicy, RetrainingTrigger } from '../contracts';

/** What the event `DriftDetected` says, as far as it matters here. */
export interface DriftTold {
  releaseId?: string | undefined;
  hour: string;
  /** Of the whole look. */
  state?: string | undefined;
  findings: { check: string; feature: string; words?: string | undefined }[];
}

export interface Cause {
  trigger: Extract<RetrainingTrigger, 'drift' | 'kpi'>;
  reason: string;
  /** The same hour of the same release is the same request, however often it is told. */
  requestId: string;
}

const FINDINGS_NAMED = 5;
const LONGEST_REASON = 500;

/** Why this event asks for a run; undefined where the policy does not listen to what it says. */
export function causeOf({ releaseId, hour, findings }: DriftTold, on: RetrainingPolicy['on']): Cause | undefined {
  const isKpi = ({ check }: { check: string }): boolean => check === 'kpi';
  const drifted = on.drift ? findings.filter((finding) => !isKpi(finding)) : [];
  const moved = on.kpi ? findings.filter(isKpi) : [];
  const [trigger, heard] = drifted.length > 0 ? (['drift', drifted] as const) : (['kpi', moved] as const);
  if (heard.length === 0) return undefined;
  const named = heard.slice(0, FINDINGS_NAMED).map(({ words, feature, check }) => words ?? `${feature}: ${check}`);
  const more = heard.length > named.length ? ` (and ${heard.length - named.length} more)` : '';
  return {
    trigger,
    reason: `${named.join('; ')}${more}`.slice(0, LONGEST_REASON),
    requestId: `retraining:${trigger}:${releaseId ?? 'none'}:${hour}`,
  };
}
