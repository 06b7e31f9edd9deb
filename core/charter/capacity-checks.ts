import type { Finding } from './problem';
import type { Serving } from './sections/serving';

const INSTEAD =
  'requests wait in the queue of its endpoint and would be lost with it; instances.min: 0 with scaling takes the last instance away once the queue is empty';

/** What would switch off an endpoint that still has work. */
export function capacityFindings({ mode, officeHours, idle, timeToLive }: Serving): Finding[] {
  if (mode !== 'async') return [];
  const findings: Finding[] = [];
  const refuse = (path: string[], message: string, instead: string): void => {
    findings.push({ path: ['serving', ...path], message, allowed: `${instead} where the mode is async: ${INSTEAD}` });
  };
  if (officeHours?.outside === 'off') refuse(['officeHours', 'outside'], 'switches an asynchronous endpoint off', 'outside: min');
  if (idle?.then === 'off') refuse(['idle', 'then'], 'switches an asynchronous endpoint off', 'then: notify');
  if (timeToLive !== undefined) refuse(['timeToLive'], 'switches an asynchronous endpoint off', 'no timeToLive');
  return findings;
}
