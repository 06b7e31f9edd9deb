import '../quiet';
import { createHash } from 'node:crypto';
import { ledgerKeys } from '../../../core/contracts';
import { begun, COUNT, DRIFT, lines, LIVE_SINCE, MINUTE, NOW, POLICY, scene, select, STABLE } from './scene';

describe('selecting data', () => {
  test('joins captures with their truth, and keeps the newest for evaluation', async () => {
    const the = await begun();
    expect(await select(the)).toMatchObject({
      enough: true,
      trainingUri: 's3://drift/training/t1/train.jsonl',
      outputUri: 's3://drift/training/t1/output',
      parentReleaseId: STABLE,
    });
    const [training, evaluation] = [lines(the, 'training/t1/train.jsonl'), lines(the, 'training/t1/evaluation.jsonl')];
    expect([training.length, evaluation.length]).toEqual([300, 200]);
    expect(training[0]).toEqual({
      id: 'd0',
      at: new Date(NOW - COUNT * MINUTE).toISOString(),
      request: { hour: 0 },
      answer: { delay: 10 },
      truth: 0,
    });
    expect(String(training.at(-1)?.['at']) < String(evaluation[0]?.['at'])).toBe(true);
    expect(the.run()).toMatchObject({
      status: 'training',
      data: {
        trainingRows: 300,
        evaluationRows: 200,
        trainingSha256: createHash('sha256').update(the.s3.text(DRIFT, 'training/t1/train.jsonl')).digest('hex'),
        evaluationSha256: createHash('sha256').update(the.s3.text(DRIFT, 'training/t1/evaluation.jsonl')).digest('hex'),
      },
    });
  });

  test('has the new model asked with the evaluation first, then with the rows of its baseline', async () => {
    const the = await begun();
    await select(the);
    const requests = lines(the, 'training/t1/evaluation-requests.jsonl');
    const asked = [...lines(the, 'training/t1/evaluation.jsonl'), ...lines(the, 'training/t1/baseline-rows.jsonl')];
    expect(requests).toEqual(asked.map(({ request }) => request));
    expect(asked).toHaveLength(COUNT);
  });

  test('does the same once more, whatever came meanwhile', async () => {
    const the = await begun();
    const first = await select(the);
    const before = the.s3.text(DRIFT, 'training/t1/train.jsonl');
    the.traffic({ count: 300, prefix: 'later', endMillis: NOW + 300 * MINUTE });
    the.clock.millis += 300 * MINUTE;
    expect(await select(the)).toEqual(first);
    expect(the.s3.text(DRIFT, 'training/t1/train.jsonl')).toBe(before);
  });

  test('takes other variants for training, and never to be compared with stable', async () => {
    const the = await begun({ variant: 'b' });
    expect(await select(the)).toMatchObject({
      enough: false,
      reason: expect.stringContaining('stable answered 0 of the newest 200') as string,
    });
    expect(the.s3.keys(DRIFT, 'training/')).toEqual([]);
  });

  test('takes answers of before stable became stable for training alone', async () => {
    const the = await begun();
    const liveSince = new Date(NOW - 20 * MINUTE).toISOString();
    await the.ledger.update(ledgerKeys.release(STABLE), { text: 'SET liveSince = :at', values: { ':at': liveSince } });
    expect(await select(the)).toMatchObject({
      enough: false,
      reason: expect.stringContaining('stable answered 20 of the newest') as string,
    });
  });

  test('goes back no further than the charter says', async () => {
    const the = await scene();
    the.traffic({ count: 200 });
    the.traffic({ count: 200, prefix: 'old', endMillis: NOW - 8 * 1440 * MINUTE });
    await the.begin();
    await select(the);
    expect(JSON.stringify([...lines(the, 'training/t1/train.jsonl'), ...lines(the, 'training/t1/evaluation.jsonl')])).not.toContain('"old');
  });

  test('leaves out what has no truth, and what cannot be asked again', async () => {
    const known = await begun({ truth: (index) => (index % 2 === 0 ? '5' : undefined) });
    await select(known);
    expect(known.run().data).toMatchObject({ trainingRows: 150, evaluationRows: 100 });
    const csv = await begun({}, { inference: { image: 'i', environment: {}, contentType: 'text/csv' } });
    expect(await select(csv)).toEqual({
      enough: false,
      reason:
        '0 answers of the last 7 days have a known truth; 100 are needed; left out: 500 of another content type than retraining.inference.contentType',
    });
  });

  test('leaves out input that drift calls broken, and says so', async () => {
    const the = await begun();
    const checked = (feature: object): void =>
      the.s3.put(
        'assets',
        'policy.json',
        JSON.stringify({ ...POLICY, features: [{ ...POLICY.features[0], ...feature }, POLICY.features[1]] }),
      );
    checked({ atMost: 11 });
    await select(the);
    const kept = [...lines(the, 'training/t1/train.jsonl'), ...lines(the, 'training/t1/evaluation.jsonl')];
    expect(kept.every(({ request }) => (request as { hour: number }).hour <= 11)).toBe(true);
    expect(kept.length).toBe(252);
    checked({ path: 'minute', completenessAtLeast: 0.99 });
    expect(await select(the)).toMatchObject({
      enough: false,
      reason: expect.stringContaining('left out: 500 with input that drift calls broken') as string,
    });
  });

  test('is refused without enough of it', async () => {
    const the = await begun({ count: 99 });
    expect(await select(the)).toEqual({ enough: false, reason: '99 answers of the last 7 days have a known truth; 100 are needed' });
    expect(the.run().status).toBe('selecting');
  });

  test('skips lines that cannot be read', async () => {
    const the = await begun();
    const [key = ''] = the.s3.keys('captures');
    the.s3.put('captures', key, `${the.s3.text('captures', key)}{"cut off`);
    the.s3.put(DRIFT, 'truth/2026/03/10/08/other.jsonl', 'no json\n{"x":1}\n');
    expect(await select(the)).toMatchObject({ enough: true });
    expect(the.run().data).toMatchObject({ trainingRows: 300 });
  });

  test('is refused once another release is stable', async () => {
    const the = await begun();
    await the.control({ stable: { releaseId: 'r4-bbbbbbbb', variantName: 'b', modelName: 'm', endpointConfigName: 'c' } });
    expect(await select(the)).toMatchObject({ enough: false, reason: expect.stringContaining('no longer stable') as string });
  });

  test('of a stable release that was found, not made, begins where its arms began', async () => {
    const the = await begun();
    await the.ledger.delete(ledgerKeys.release(STABLE));
    await expect(select(the)).rejects.toThrow(/does not say since when r3-aaaaaaaa is stable/);
    await the.control({ armsSince: LIVE_SINCE });
    expect(await select(the)).toMatchObject({ enough: true });
  });
});
