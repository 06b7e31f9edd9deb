import { marshall } from '@aws-sdk/util-dynamodb';
import { ledgerKeys, type LedgerKey } from '../../../core/contracts';
import type { Members } from '../../../rehearsal/cloud/types';
import { Witness } from '../../../rehearsal/world/witness';
import { FakeCloud } from '../support/fake-cloud';

/** A witness, and what it makes of a write to the ledger. */
function watching(): { write: (key: LedgerKey, item: object) => void; told: () => unknown[]; witness: Witness } {
  const cloud = new FakeCloud();
  const witness = new Witness(
    cloud,
    () => undefined,
    () => undefined,
  );
  let listen: (key: Members, image: Members | undefined) => void = () => undefined;
  witness.watch({ onWrite: (_table, listener) => (listen = listener) }, 'ledger');
  return {
    witness,
    write: (key, item) => listen(marshall(key), marshall({ ...key, ...item })),
    told: () => cloud.log.map(({ source, event, detail }) => [source, event, detail.reason]),
  };
}

const look = (state: string, reason: string) => ({
  version: 1,
  look: JSON.stringify({ at: '2026-03-02T10:12:00Z', hour: '2026-03-02T09', state, reason, windows: [], quality: [] }),
});

test('the timeline tells of drift, of runs and of refusals to begin one, each once', () => {
  const { write, told, witness } = watching();
  const run = {
    id: 't1',
    trigger: 'drift',
    reason: 'hour moved',
    requestedBy: 'drift',
    requestedAt: '2026-03-02T10:12:00Z',
    parentReleaseId: 'r1',
  };
  write(ledgerKeys.drift(), look('ok', 'nothing drifts'));
  write(ledgerKeys.drift(), look('drifting', 'hour moved'));
  write(ledgerKeys.drift(), look('drifting', 'hour moved still'));
  write(ledgerKeys.retrainingRun('t1'), { ...run, status: 'selecting' });
  write(ledgerKeys.retrainingRun('t1'), { ...run, status: 'training' });
  write(ledgerKeys.retrainingRun('t1'), { ...run, status: 'training', modelName: 'm' });
  write(ledgerKeys.refusal('2026-03-02T11:00:00Z', 'a'), {
    at: '2026-03-02T11:00:00Z',
    what: 'retraining',
    by: 'drift',
    reason: 'cool-down',
  });
  write(ledgerKeys.refusal('2026-03-02T11:00:00Z', 'a'), {
    at: '2026-03-02T11:00:00Z',
    what: 'retraining',
    by: 'drift',
    reason: 'cool-down',
  });
  write(ledgerKeys.refusal('2026-03-02T11:00:00Z', 'b'), { at: '2026-03-02T11:00:00Z', what: 'release', by: 'x', reason: 'nobody' });
  write(ledgerKeys.retrainingRun('t1'), { ...run, status: 'rejected', outcome: 'worse' });
  expect(told()).toEqual([
    ['drift', 'detected', 'hour moved'],
    ['retraining', 'begun', 'hour moved'],
    ['retraining', 'training', 'hour moved'],
    ['retraining', 'refused', 'cool-down'],
    ['retraining', 'rejected', 'worse'],
  ]);
  expect(witness.retrainings()).toMatchObject([{ id: 't1', status: 'rejected' }]);
});
