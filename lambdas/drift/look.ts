import type { DriftLook, DriftMute, DriftPolicy, DriftState as State } from '../../core/contracts';
import { DRIFT_FOLDERS, hourFolder } from '../../core/drift/places';
import { decideTelling, loudState, type Notice, type Telling } from '../../core/drift/look/telling';
import { logger } from '../shared/telemetry';
import type { Learning } from './baseline';
import { driftMetrics } from './metrics';
import { deleteOver, readMutes } from './mutes-store';
import { type DriftParts, iso } from './parts';
import type { Profiles } from './profiles';
import { policyOf } from './release-policy';
import { writeReport } from './report';
import { nothingSeen, see, type Seen } from './see';
import { readStable } from './stable';
import { type DriftState, readState, settleOwed, writeState } from './state';
import { shortenedLook, shortenedNotice, tell } from './tell';

export type LookReport = { state: DriftLook['state']; hour: string; told: string[] } | { skipped: string };

/** As long as a function may run: whoever died telling is past it. */
const CLAIM_MILLIS = 900_000;
const MOST_ATTEMPTS = 3;
/** One look at the hour before, and everything that follows from it. Made again, it finds the same and tells nobody twice. */
export async function lookAtDrift(parts: DriftParts, profiles: Profiles, learning?: Learning): Promise<LookReport> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const report = await attemptLook(parts, profiles, learning);
    if (report !== undefined) return report;
  }
  return { skipped: `other looks were faster ${MOST_ATTEMPTS} times: what they saw stands` };
}

async function attemptLook(parts: DriftParts, profiles: Profiles, learning: Learning | undefined): Promise<LookReport | undefined> {
  const before = await readState(parts.ledger);
  const nowMillis = parts.now();
  if (before.claimedUntil !== undefined && Date.parse(before.claimedUntil) > nowMillis) return { skipped: 'another look is telling' };
  const found = await readStable(parts);
  const known = learning === undefined ? before : { ...before, learning };
  const release = found.stable === undefined ? undefined : await policyOf(parts, found.stable, before);
  const policy = release?.policy ?? (await parts.policy());
  const seen =
    found.stable === undefined || release === undefined
      ? nothingSeen(parts, known, found.stable === undefined ? found.reason : '')
      : await see(parts, profiles, found.stable, release, known);
  const mutes = await readMutes(parts.ledger);
  const telling = decideTelling({
    look: seen.look,
    missing: seen.missing,
    notCompared: seen.notCompared,
    memory: before.memory,
    mutes,
    nowMillis,
  });
  const look = await kept(parts, policy, before, seen, telling, mutes);
  // Told and told again is worse than told late: what is owed is noted first.
  const owed = [...before.owed, ...telling.notices.map(shortenedNotice)];
  const claim = owed.length === 0 ? {} : { claimedUntil: iso(nowMillis + CLAIM_MILLIS) };
  const next = { ...seen.state, look: shortenedLook(look), memory: telling.memory, owed, ...claim };
  if (!(await writeState(parts.ledger, before, next))) return undefined;
  for (const { dimensions, values } of driftMetrics(look, seen, telling.loud)) parts.measure(dimensions, values);
  for (const mute of telling.over) await deleteOver(parts.ledger, mute);
  await tellAll(parts, policy, look, loudState(look, telling.loud), owed, before.version + 1);
  // What was seen is told; what failed beside it is an error all the same.
  if (seen.failure !== undefined) throw seen.failure;
  return { state: look.state, hour: look.hour, told: owed.map(({ event }) => event) };
}

async function tellAll(
  parts: DriftParts,
  policy: DriftPolicy,
  look: DriftLook,
  loud: State,
  owed: Notice[],
  version: number,
): Promise<void> {
  if (owed.length === 0) return;
  for (const notice of owed) await tell(parts, policy.owner, look, loud, notice);
  await settleOwed(parts.ledger, version);
}

/** Look and report in the bucket, under the hour: made again, they are written again. */
async function kept(
  parts: DriftParts,
  policy: DriftPolicy,
  before: DriftState,
  seen: Seen,
  telling: Telling,
  mutes: DriftMute[],
): Promise<DriftLook> {
  const { look } = seen;
  const changed = before.look?.state !== look.state || telling.notices.length > 0;
  const isTrouble = look.state === 'drifting' || look.state === 'broken-input';
  const reportUri = changed || isTrouble ? await writeReport(parts, policy, { ...seen, mutes }) : undefined;
  const whole = reportUri === undefined ? look : { ...look, reportUri };
  const place = hourFolder(Date.parse(`${look.hour}:00:00Z`));
  await parts.bucket.put(`${DRIFT_FOLDERS.looks}/${place}.json`, JSON.stringify(whole));
  logger.info('Looked at drift', { hour: look.hour, state: look.state, reason: look.reason, loud: telling.loud });
  return whole;
}
