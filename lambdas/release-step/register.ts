import { orderFor } from '../../core/cost/orders';
import { type ControlRecord, type CostOrders, ledgerKeys, type RegisterAnswer, type ReleaseRecord } from '../../core/contracts';
import { takeLock } from '../../core/release/control';
import { courseOf } from '../../core/release/course';
import { frozenUntil } from '../../core/release/freeze';
import { changesOf, laneOf } from '../../core/release/lanes';
import { noteForCapacity } from '../shared/capacity-store';
import { changeControl, existingControl } from '../shared/control-store';
import { type Desired, readDesired, sequenceOf } from '../shared/desired';
import { readRelease, type StoredRelease, updateOpenRelease } from '../shared/releases';
import { completeTask } from '../shared/tokens';
import { wakeNext } from '../shared/turns';
import type { ActionOf } from './action';
import { goingOn, refused } from './going-on';
import { changeOf, type StepParts } from './parts';

type Waiting = Extract<Turn, { turn: 'wait' }>;
type Turn = { turn: 'now' } | { turn: 'superseded' } | { turn: 'wait'; waitsFor: NonNullable<ReleaseRecord['waitsFor']>; seconds: number };

/** Who ends a release wakes the next one: these are for the case that nobody does. */
const SHORTEST_WAIT_SECONDS = 900;
const LONGEST_WAIT_SECONDS = 43_200;
/** Of a freeze; then it is looked at once more. */
const LONGEST_FREEZE_SECONDS = 30 * 86_400;

/** One release at a time, and none that begins in a freeze. Who waits while something newer is desired has waited in vain. */
export async function register(parts: StepParts, { releaseId, executionArn }: ActionOf<'register'>): Promise<RegisterAnswer> {
  const { ledger, surroundings } = parts;
  const record = await goingOn(parts, releaseId);
  const control = await existingControl(ledger);
  const turn = await turnOf(parts, record, control);
  if (turn.turn === 'superseded') {
    return { locked: false, superseded: true };
  }
  if (turn.turn === 'wait') {
    return waitFor(parts, record, turn);
  }
  const taken = await changeControl(ledger, (current) => takeLock(current, releaseId, changeOf(parts, `Release ${releaseId} begins`)));
  if (!taken.ok) {
    const now = await turnOf(parts, record, await existingControl(ledger));
    if (now.turn === 'wait') return waitFor(parts, record, now);
    throw refused(taken.reason);
  }
  const placed = { ...record, ...(await placeOf(parts, record, taken.next)) };
  await updateOpenRelease(
    ledger,
    releaseId,
    { status: 'in-progress', executionArn, stage: 'create', changes: placed.changes, lane: placed.lane },
    ['turnToken', 'waitsFor'],
  );
  return { locked: true, plan: courseOf(placed, taken.next, surroundings.prefix) };
}

/** The token is kept first, and the turn looked at once more: whoever freed the lock in between found nobody to wake. */
export async function waitForTurn(parts: StepParts, { releaseId, taskToken }: ActionOf<'wait-for-turn'>): Promise<{ waits: boolean }> {
  const { ledger, sfn } = parts;
  const record = await goingOn(parts, releaseId);
  await updateOpenRelease(ledger, releaseId, { turnToken: taskToken });
  const turn = await turnOf(parts, record, await existingControl(ledger));
  if (turn.turn !== 'wait') {
    await completeTask(sfn, taskToken, { woken: true });
    return { waits: false };
  }
  if (turn.waitsFor.what === 'freeze' || turn.waitsFor.what === 'cost') {
    // It may have been woken for the lock, which it does not take: others may ignore what it waits for.
    await wakeNext(ledger, sfn);
  }
  return { waits: true };
}

async function turnOf({ ledger, now }: StepParts, record: StoredRelease, control: ControlRecord): Promise<Turn> {
  if (control.lockedBy === record.id) {
    return { turn: 'now' };
  }
  const desired = await readDesired(ledger);
  if (isSuperseded(record, desired)) {
    return { turn: 'superseded' };
  }
  if (control.mode === 'killed' && record.revival === true) {
    return { turn: 'wait', waitsFor: { what: 'kill-switch' }, seconds: patienceSeconds(record, now()) };
  }
  // A return takes traffic off trouble: it is never too early for that.
  const freezes = (desired?.spec ?? record.spec).rollout.freezes ?? [];
  const frozen = record.returnTo === undefined ? frozenUntil(freezes, new Date(now()).toISOString()) : undefined;
  if (frozen !== undefined) {
    const seconds = Math.ceil((Date.parse(frozen.until) - now()) / 1000) + 1;
    return { turn: 'wait', waitsFor: { what: 'freeze', until: frozen.until }, seconds: Math.min(LONGEST_FREEZE_SECONDS, seconds) };
  }
  const barred = control.mode === 'killed' ? undefined : await costTurn(ledger, record, now());
  if (barred !== undefined) {
    return barred;
  }
  if (control.mode === 'parked') {
    return { turn: 'wait', waitsFor: { what: 'parked' }, seconds: patienceSeconds(record, now()) };
  }
  // Killed: taking the lock says so.
  return control.lockedBy === undefined || control.mode === 'killed'
    ? { turn: 'now' }
    : { turn: 'wait', waitsFor: { what: 'lock' }, seconds: patienceSeconds(record, now()) };
}

/** The cost guard bars releases; what takes traffic off trouble, or was started by whoever turned the kill switch off, goes through. */
async function costTurn(ledger: StepParts['ledger'], record: StoredRelease, nowMillis: number): Promise<Turn | undefined> {
  if (record.returnTo !== undefined || record.revival === true) return undefined;
  const orders = await ledger.get<CostOrders>(ledgerKeys.costOrders());
  const order = orderFor(orders, 'block-releases', nowMillis);
  return order && { turn: 'wait', waitsFor: { what: 'cost', until: order.until }, seconds: patienceSeconds(record, nowMillis) };
}

/** Something else is desired now. What an operator returns to is no wish of the stack's, and stays. */
function isSuperseded(record: StoredRelease, desired: Desired | undefined): boolean {
  if (record.status !== 'requested' || record.returnTo !== undefined || desired === undefined) {
    return false;
  }
  const isNewer = desired.starts && desired.releaseId !== undefined && sequenceOf(desired.releaseId) > record.sequence;
  return isNewer || desired.hash !== record.hash;
}

/** As long again as it has waited: a history stays short over weeks. */
function patienceSeconds({ requestedAt }: StoredRelease, nowMillis: number): number {
  const waited = Math.ceil((nowMillis - Date.parse(requestedAt)) / 1000);
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(SHORTEST_WAIT_SECONDS, waited));
}

async function waitFor({ ledger }: StepParts, { id }: StoredRelease, { waitsFor, seconds }: Waiting): Promise<RegisterAnswer> {
  await updateOpenRelease(ledger, id, { waitsFor });
  if (waitsFor.what === 'parked') await noteForCapacity(ledger, { wakeFor: id });
  return { locked: false, superseded: false, waitSeconds: seconds };
}

/** In what it differs from stable, and the lane it stays inside of. Known once it has the lock: stable cannot change any more. */
async function placeOf({ ledger }: StepParts, { spec, returnTo }: StoredRelease, { stable }: ControlRecord) {
  const before = stable === undefined ? undefined : await readRelease(ledger, stable.releaseId);
  const changes = changesOf(before?.spec, spec);
  const lane = returnTo === undefined ? laneOf(spec.lanes ?? [], changes, spec) : undefined;
  return { changes, ...(lane === undefined ? {} : { lane: lane.name }) };
}
