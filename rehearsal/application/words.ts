import { countText, durationText } from '../report/figures';
import type { TimelineEntry } from '../world/timeline';
import type { ApplicationResult } from './result';

/** Expectations and checks that did not hold, in words. */
export const brokenIn = ({ expectations, checks }: ApplicationResult): string[] => [
  ...expectations.filter(({ held }) => !held).map(({ text, seen }) => `${text}, but: ${seen ?? 'no'}`),
  ...checks.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.[0] ?? 'broken'}`),
];

/** What a reader should not miss; the JSON holds the rest. */
export function isTurn({ t, source, event, detail }: TimelineEntry): boolean {
  if (source === 'cloudformation') return /FAILED|ROLLBACK/.test(event);
  if (t < 0) return source === 'iam' && event === 'denied';
  if (source === 'alarm') return event === 'action-failed' || detail['state'] === 'ALARM' || detail['previous'] === 'ALARM';
  // Children of a Map Run are tallied.
  if (source === 'states') return event !== 'running' && event !== 'succeeded' && !String(detail['stateMachine']).endsWith(', a Map Run');
  return source !== 'sagemaker' && source !== 'application-autoscaling' && event !== 'email';
}

export const tookText = (seconds: number): string => (seconds < 120 ? `${Math.round(seconds * 10) / 10} s` : durationText(seconds));

/** `1 input`, `1 200 inputs`. */
export const numbered = (count: number, what: string): string => `${countText(count)} ${what}${count === 1 ? '' : 's'}`;
