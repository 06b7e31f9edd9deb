import { START } from './support';
import { inCanary, promoteAndFinish, world } from './release-world';
import { fakeResponseUrl } from './response-url';
import { ledgerKeys, type VerdictRecord } from '../../core/contracts';

beforeEach(() => void fakeResponseUrl());
afterEach(() => jest.restoreAllMocks());

const LOOK: VerdictRecord = {
  at: new Date(START + 60_000).toISOString(),
  decision: 'promote',
  reason: 'the candidate is no worse',
  kpis: [
    {
      kpi: 'missed-spam',
      control: 'stable',
      candidateUnits: 100,
      candidateEvents: 5,
      controlUnits: 900,
      controlEvents: 50,
      rollbackEvidence: 0.3,
      rollbackThreshold: 20,
      promotionEvidence: 1e300,
      promotionThreshold: 20,
    },
  ],
  words: ['missed-spam 5 % (5 of 100) against 5.56 % (50 of 900) of stable'],
  combinedRollbackEvidence: 0.3,
  threshold: 20,
};

async function looked(the: ReturnType<typeof world>, releaseId: string, look: VerdictRecord): Promise<void> {
  const { at, decision, reason } = look;
  await the.ledger.put(ledgerKeys.look(releaseId, at), { decision, verdict: JSON.stringify(look), expiresAt: 1 });
  await the.ledger.put(ledgerKeys.verdict(releaseId), { at, decision, reason });
}

const ended = (the: ReturnType<typeof world>, releaseId: string, by: string, at: string): Promise<boolean> =>
  the.ledger.put(ledgerKeys.stepResult(releaseId, 0), { decision: 'promote', reason: LOOK.reason, by, at });

test('the bundle holds the look that decided, in full, even when another one followed', async () => {
  const the = world();
  await the.deploy();
  const releaseId = await inCanary(the);
  await looked(the, releaseId, LOOK);
  await ended(the, releaseId, 'verdict', LOOK.at);
  const later = {
    ...LOOK,
    at: new Date(START + 120_000).toISOString(),
    reason: 'looked once more',
    kpis: [{ ...LOOK.kpis[0]!, candidateUnits: 101 }],
  };
  await looked(the, releaseId, later);
  await promoteAndFinish(the, releaseId);
  expect(the.bundle(releaseId)).toMatchObject({ verdict: LOOK, measurements: later.kpis });
});

test('where somebody else ended the step, the bundle names no verdict but keeps what was measured last', async () => {
  const the = world();
  await the.deploy();
  const releaseId = await inCanary(the);
  await looked(the, releaseId, LOOK);
  await ended(the, releaseId, 'arn:owner', LOOK.at);
  await promoteAndFinish(the, releaseId);
  expect(the.bundle(releaseId)['verdict']).toBeUndefined();
  expect(the.bundle(releaseId)['measurements']).toEqual(LOOK.kpis);
});

test('before any look the bundle has no measurements', async () => {
  const the = world();
  await the.deploy();
  const releaseId = await inCanary(the);
  await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'alarm' });
  expect(the.bundle(releaseId)).toMatchObject({ measurements: [], outcome: 'rolled-back' });
});

test('a promoted release keeps when it became stable, also when it is promoted again', async () => {
  const the = world();
  await the.deploy();
  const releaseId = await inCanary(the);
  the.clock.millis = START + 60_000;
  await the.step({ action: 'promote', releaseId, by: 'verdict', reason: 'good' });
  the.clock.millis = START + 120_000;
  await the.step({ action: 'promote', releaseId, by: 'verdict', reason: 'good' });
  expect(the.release(releaseId).liveSince).toBe(new Date(START + 60_000).toISOString());
});
