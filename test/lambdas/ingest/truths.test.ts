import { START } from '../support';
import { batch, decision, kpi, setUp, totals, type World } from './world';
import { readTruth, type Truth } from '../../../core/drift/look/truth';

const HOUR = 3_600_000;
const COUNTED = 'missed-spam|candidate|x';

interface Kept extends World {
  files: Map<string, string>;
  puts: string[];
  /** While true, S3 takes nothing. */
  broken: { is: boolean };
  truths(): Map<string, Truth>;
}

function keeping(): Kept {
  const files = new Map<string, string>();
  const puts: string[] = [];
  const broken = { is: false };
  const put = async (key: string, body: string): Promise<void> => {
    if (broken.is) throw new Error('SlowDown');
    puts.push(key);
    files.set(key, body);
  };
  const truths = (): Map<string, Truth> => {
    const found = new Map<string, Truth>();
    for (const text of files.values()) expect(readTruth(text, found)).toBe(0);
    return found;
  };
  return { ...setUp({ truths: { put } }), files, puts, broken, truths };
}

test('truth of events that count is kept in the hour in which it arrived, in the ground-truth format', async () => {
  const the = keeping();
  const of = decision();
  await the.run(batch([of, kpi(of, true, { truth: 'spam', revision: 2 })], START + HOUR));
  const [[key, text = ''] = []] = [...the.files];
  expect(key).toMatch(/^truth\/2026\/03\/02\/10\/[0-9a-f]{32}\.jsonl$/);
  expect(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object),
  ).toEqual([
    {
      groundTruthData: { data: 'spam', encoding: 'CSV' },
      eventMetadata: { eventId: of.decisionId },
      eventVersion: '0',
      revision: 2,
      observedAt: of.decidedAt,
    },
  ]);
});

test.each([
  [17.5, '17.5'],
  [false, 'false'],
])('the truth %p is kept as text', async (truth, value) => {
  const the = keeping();
  const of = decision();
  await the.run(batch([of, kpi(of, true, { truth })]));
  expect(the.truths().get(of.decisionId)?.value).toBe(value);
});

test('nothing is written where no event brings truth, or none belongs to a decision', async () => {
  const the = keeping();
  const of = decision();
  await the.run(batch([of, kpi(of), kpi({ ...of, decisionId: 'forged' }, true, { truth: 'spam' })]));
  expect(the.puts).toEqual([]);
  expect(the.rejected()).toHaveLength(1);
});

test('truth that cannot be kept fails its message alone; it comes again, is counted once and kept', async () => {
  const the = keeping();
  const [one, other] = [decision({ unit: 'u1' }), decision({ unit: 'u2' })];
  const event = batch([one, other, kpi(one, true, { truth: 'spam' }), kpi(other)]);
  the.broken.is = true;
  const failed = await the.run(event);
  expect(failed.batchItemFailures).toEqual([{ itemIdentifier: event.Records[2]?.messageId }]);
  expect(totals(the.fake)[COUNTED]).toBe(2);
  the.broken.is = false;
  const again = await the.run({ Records: event.Records.slice(2, 3) });
  expect(again.batchItemFailures).toEqual([]);
  expect(the.truths().get(one.decisionId)?.value).toBe('spam');
  expect(totals(the.fake)[COUNTED]).toBe(2);
  expect(the.metric('KpiCounted')).toBe(2);
});

test('the same batch again, in another order, writes the same file', async () => {
  const the = keeping();
  const decisions = ['u1', 'u2', 'u3'].map((unit) => decision({ unit }));
  await the.run(batch(decisions));
  const events = decisions.map((of, index) => kpi(of, true, { truth: `label-${index}` }));
  await the.run(batch(events));
  const [text] = the.files.values();
  await the.run(batch(events.toReversed()));
  expect(the.files.size).toBe(1);
  expect([...the.files.values()]).toEqual([text]);
  expect(the.puts).toHaveLength(2);
});

test('a correction is kept beside what it corrects, and is the one that is read', async () => {
  const the = keeping();
  const of = decision();
  await the.run(batch([of, kpi(of, true, { truth: 'spam' })]));
  await the.run(batch([kpi(of, false, { truth: 'ham', revision: 1, eventId: 'correction' })]));
  expect(the.files.size).toBe(2);
  expect(the.truths().get(of.decisionId)?.value).toBe('ham');
});

test('a unit counts once, each of its decisions has a truth', async () => {
  const the = keeping();
  const decisions = ['n1', 'n2', 'n3'].map((nonce) => decision({ nonce }));
  await the.run(batch([...decisions, ...decisions.map((of, index) => kpi(of, true, { truth: `label-${index}` }))]));
  expect(totals(the.fake)[COUNTED]).toBe(1);
  expect(the.rejected().map(({ reason }) => reason)).toEqual(['already-observed', 'already-observed']);
  expect(decisions.map(({ decisionId }) => the.truths().get(decisionId)?.value)).toEqual(['label-0', 'label-1', 'label-2']);
});

test('truth that comes after the window of its KPI is kept, and not counted', async () => {
  const the = keeping();
  const of = decision();
  await the.run(batch([of]));
  await the.run(batch([kpi(of, true, { truth: 'spam', observedAt: new Date(START + 9 * HOUR).toISOString() })], START + 9 * HOUR));
  expect(the.rejected().map(({ reason }) => reason)).toEqual(['late']);
  expect(the.truths().get(of.decisionId)?.value).toBe('spam');
});

test('messages of two hours are two files', async () => {
  const the = keeping();
  const [one, other] = [decision({ unit: 'u1' }), decision({ unit: 'u2' })];
  await the.run(batch([one, other]));
  const [early] = batch([kpi(one, true, { truth: 1 })], START).Records;
  const [late] = batch([kpi(other, true, { truth: 2 })], START + HOUR).Records;
  await the.run({ Records: [early!, late!] });
  expect(the.puts.map((key) => key.slice(0, 19)).sort()).toEqual(['truth/2026/03/02/09', 'truth/2026/03/02/10']);
});

test('without a bucket nothing is kept', async () => {
  const the = setUp();
  const of = decision();
  const { batchItemFailures } = await the.run(batch([of, kpi(of, true, { truth: 'spam' })]));
  expect(batchItemFailures).toEqual([]);
});
