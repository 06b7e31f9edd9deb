import { fakeLedger, type FakeLedger, START } from '../support';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type ControlRecord, ledgerKeys, type TrafficChange } from '../../../core/contracts';
import { type Change, firstControl, kill, takeLock } from '../../../core/release/control';
import { changeControl, createControl, mustChangeControl } from '../../../lambdas/shared/control-store';

const change: Change = { at: new Date(START).toISOString(), by: 'workflow', reason: 'test' };

async function withControl(): Promise<FakeLedger> {
  const fake = fakeLedger();
  expect(await createControl(fake.ledger, firstControl(0.02, change))).toBe(true);
  return fake;
}

const history = (fake: FakeLedger): unknown[] => fake.items('control-changes');
const control = (fake: FakeLedger) => fake.item<ControlRecord>(ledgerKeys.control());
const canceled = (Code: string) =>
  new TransactionCanceledException({ message: Code, $metadata: {}, CancellationReasons: [{ Code }, { Code: 'None' }] });

test('every write of the control record leaves its trace in the same transaction', async () => {
  const fake = await withControl();
  const candidate = { releaseId: 'r1', variantName: 'a', modelName: 'm', endpointConfigName: 'c' };
  await changeControl(fake.ledger, (current) => takeLock(current, 'r1', { ...change, reason: 'begins' }));
  await changeControl(fake.ledger, (current) => ({
    ok: true,
    next: { ...current, version: current.version + 1, candidate, candidateWeight: 0.05, warm: { release: candidate, until: 'later' } },
  }));
  expect(history(fake)).toEqual([
    expect.objectContaining({ sk: '0000000001', version: 1, mode: 'baseline', candidateWeight: 0, by: 'workflow', reason: 'test' }),
    expect.objectContaining({ sk: '0000000002', version: 2, reason: 'begins' }),
    expect.objectContaining({ sk: '0000000003', version: 3, candidate: 'r1', warm: 'r1', candidateWeight: 0.05 }),
  ]);
  expect(fake.sent.filter(({ name }) => name === 'PutItem')).toEqual([]);
});

test('the first record is written once', async () => {
  const fake = await withControl();
  expect(await createControl(fake.ledger, firstControl(0.5, change))).toBe(false);
  expect(control(fake)?.holdout).toBe(0.02);
  expect(history(fake)).toHaveLength(1);
});

test('where nothing changes nothing is written', async () => {
  const fake = await withControl();
  const result = await changeControl(fake.ledger, (current) => ({ ok: true, next: current }));
  expect(result.changed).toBe(false);
  expect(history(fake)).toHaveLength(1);
});

test('somebody else was faster: it is decided again on what they wrote', async () => {
  const fake = await withControl();
  let decisions = 0;
  fake.before('TransactWriteItems', async () => {
    await changeControl(fake.ledger, (current) => kill(current, change));
  });
  const result = await changeControl(fake.ledger, (current) => {
    decisions += 1;
    return takeLock(current, 'r1', change);
  });
  expect(decisions).toBe(2);
  expect(result).toMatchObject({ ok: false, code: 'killed', changed: false });
  expect(history(fake).map((item) => (item as TrafficChange).mode)).toEqual(['baseline', 'killed']);
});

test.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])('%s passes: it is tried again', async (code) => {
  const fake = await withControl();
  fake.before('TransactWriteItems', () => {
    throw canceled(code);
  });
  await expect(mustChangeControl(fake.ledger, (current) => takeLock(current, 'r1', change))).resolves.toMatchObject({ lockedBy: 'r1' });
});

test('what is wrong with the request itself is thrown', async () => {
  const fake = await withControl();
  fake.before('TransactWriteItems', () => {
    throw canceled('ValidationError');
  });
  await expect(changeControl(fake.ledger, (current) => takeLock(current, 'r1', change))).rejects.toThrow('ValidationError');
  expect(control(fake)?.version).toBe(1);
});

test('a record that others keep writing is given up after ten attempts, with a reason', async () => {
  const fake = await withControl();
  for (let attempt = 1; attempt <= 10; attempt += 1)
    fake.before('TransactWriteItems', () => {
      throw canceled('TransactionConflict');
    });
  await expect(changeControl(fake.ledger, (current) => takeLock(current, 'r1', change))).rejects.toThrow(
    'could not be written in 10 attempts',
  );
});

test('a refusal is thrown under a name that workflows catch', async () => {
  const fake = await withControl();
  await changeControl(fake.ledger, (current) => kill(current, change));
  await expect(mustChangeControl(fake.ledger, (current) => takeLock(current, 'r1', change))).rejects.toMatchObject({
    name: 'ReleaseRefused',
  });
});
