import type { SFNClient } from '@aws-sdk/client-sfn';
import { ledgerKeys, type Notifier } from '../../core/contracts';
import { type Deed, isWaived, type Owed } from '../../core/cost';
import { incidentIdOf } from '../../core/incident/incident';
import { readCostOrders } from '../shared/cost-orders';
import { openIncident, recovered } from '../shared/incidents';
import type { Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import { wakeWaitingFor } from '../shared/turns';
import { readKnown, stateOf, writeState } from './store';

export interface DeedParts {
  useCase: string;
  ledger: Ledger;
  notify: Notifier;
  now(): number;
  /** Asks the rollback handler for the kill switch. */
  kill(reason: string): Promise<void>;
  /** Of the release workflow; without it releases that wait ask again by themselves. */
  sfn?: SFNClient;
}

const MAX_ATTEMPTS = 6;
const BY = 'cost-guard';

/** Does what is owed, and notes it. One that fails leaves the others their turn, and is done at a later look. */
export async function performOwed(parts: DeedParts, owed: Owed[]): Promise<string[]> {
  const done: Owed[] = [];
  const failures: unknown[] = [];
  for (const one of owed) {
    try {
      await perform(parts, one.deed);
      done.push(one);
    } catch (error) {
      logger.error('What the budget asks for could not be done', { error, deed: one.deed });
      failures.push(error);
    }
  }
  if (done.length > 0) await settle(parts.ledger, new Set(done.map(({ id }) => id)));
  if (failures.length > 0) {
    throw new Error(`${failures.length} of ${owed.length} deeds failed, and are tried again: ${failures.map(String).join('; ')}`, {
      cause: failures[0],
    });
  }
  return done.map(({ deed }) => deed.kind);
}

async function perform(parts: DeedParts, deed: Deed): Promise<void> {
  const { ledger, notify, now } = parts;
  switch (deed.kind) {
    case 'orders':
      // The waiver stands beside them: it is the owners'.
      await ledger.update(ledgerKeys.costOrders(), { text: 'SET orders = :orders', values: { ':orders': deed.orders } });
      return;
    case 'kill':
      // Somebody may have revived since it was decided.
      if (!isWaived(await readCostOrders(ledger), now())) await parts.kill(deed.reason);
      return;
    case 'wake':
      if (parts.sfn !== undefined) await wakeWaitingFor(ledger, parts.sfn, 'cost');
      return;
    case 'tell':
      return notify(deed.notification);
    case 'incident': {
      const { about, reason, beganAt } = deed;
      await openIncident(parts, { kind: 'budget', about, reason, beganAt, by: BY }, 'info');
      return;
    }
    case 'recover':
      await recovered(parts, incidentIdOf('budget', deed.about));
  }
}

async function settle(ledger: Ledger, ids: Set<string>): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const { cost } = await readKnown(ledger);
    const state = stateOf(cost);
    if (state === undefined) return;
    if (await writeState(ledger, { ...state, owed: state.owed.filter(({ id }) => !ids.has(id)) }, cost)) return;
  }
  throw new Error(`What was done could not be noted in ${MAX_ATTEMPTS} attempts: the owners may be told of it once more`);
}
