import { hash32 } from '../../../core/drift/count/hash';
import type { CapturedRecord } from '../../../core/drift/read/types';
import {
  answeredBy,
  AnswersDoNotFit,
  answersOf,
  asAnswered,
  baselineRows,
  captureLine,
  dataLine,
  FEWEST_EVALUATION_ROWS,
  MOST_EVALUATION_ROWS,
  type LabelledRow,
  labelledRow,
  readDataRows,
  Selection,
  SmallestTruths,
  splitByTime,
} from '../../../core/retraining';

const START = Date.parse('2026-03-01T00:00:00Z');
const JSON_TYPE = 'application/json';

const record = (request: string, contentType = JSON_TYPE, answer = '{"delay":5}'): CapturedRecord => ({
  id: 'd1',
  atMillis: START,
  request: { text: request, contentType },
  answer: { text: answer, contentType },
});
const of = (given: CapturedRecord, contentType = JSON_TYPE, byStable = true) => labelledRow(given, 7, { byStable, contentType });

const row = (index: number, more: Partial<LabelledRow> = {}): LabelledRow => ({
  id: `d${index}`,
  atMillis: START + index * 60_000,
  request: `{"n":${index}}`,
  requestIsJson: true,
  answer: '{"delay":1}',
  answerIsJson: true,
  truth: index,
  byStable: true,
  ...more,
});
const rows = (count: number): LabelledRow[] => Array.from({ length: count }, (_, index) => row(index));
const DATA = { sinceDays: 30, minimumRows: 100, evaluationShare: 0.2 };

describe('a captured request', () => {
  test('becomes one line, as JSON without blanks', () => {
    expect(of(record('{\n "hour": 9\n}', 'application/json; charset=utf-8'))).toMatchObject({
      request: '{"hour":9}',
      requestIsJson: true,
      answer: '{"delay":5}',
      answerIsJson: true,
      truth: 7,
    });
  });

  test('stays a line of text where it is one', () => {
    expect(of(record('9,AA\n', 'text/csv', '5'), 'text/csv')).toMatchObject({ request: '9,AA', requestIsJson: false, answer: '5' });
  });

  test.each<[string, CapturedRecord, string, string]>([
    ['has several lines', record('9,AA\n10,UA\n', 'text/csv'), 'text/csv', 'several-lines'],
    ['is no JSON', record('{"hour":'), JSON_TYPE, 'no-json'],
    ['was not captured', { id: 'd1', atMillis: START }, JSON_TYPE, 'no-request'],
    ['is empty', record('\n', 'text/csv'), 'text/csv', 'no-request'],
    ['is not what the model is asked with', record('9,AA', 'text/csv'), JSON_TYPE, 'other-content-type'],
  ])('is left out where it %s', (_, given, contentType, problem) => {
    expect(of(given, contentType)).toBe(problem);
  });

  test('is kept without an answer that cannot be read', () => {
    expect(of(record('{"hour":9}', JSON_TYPE, '{"delay":'))).not.toHaveProperty('answer');
  });
});

describe('the selection', () => {
  const limits = { mostRows: 50, mostBytes: 1_000_000 };
  const selectedOf = (given: LabelledRow[], of = limits): string[] => {
    const selection = new Selection(of);
    given.forEach((one) => selection.add(one));
    return selection.selected().map(({ id }) => id);
  };

  test('is the same whatever the order of the rows', () => {
    const all = rows(400);
    const kept = selectedOf(all);
    expect(kept).toHaveLength(50);
    expect(selectedOf([...all].reverse())).toEqual(kept);
    expect(selectedOf([...all.slice(200), ...all.slice(0, 200)])).toEqual(kept);
  });

  test('keeps to its bytes as well', () => {
    const big = rows(100).map((one) => ({ ...one, request: 'x'.repeat(1000) }));
    const kept = selectedOf(big, { mostRows: 1000, mostBytes: 20_000 });
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.length).toBeLessThan(20);
    expect(selectedOf([...big].reverse(), { mostRows: 1000, mostBytes: 20_000 })).toEqual(kept);
  });

  test('takes all in the order of their time where there is room', () => {
    expect(selectedOf([row(3), row(1), row(2)])).toEqual(['d1', 'd2', 'd3']);
  });

  test('counts a request once: stable answered it, or it came first', () => {
    const candidate = row(1, { byStable: false, answer: '"candidate"' });
    const shadow = row(1, { byStable: false, atMillis: START - 5, answer: '"shadow"' });
    for (const order of [
      [candidate, row(1), shadow],
      [shadow, candidate, row(1)],
      [row(1), shadow, candidate],
    ]) {
      const selection = new Selection(limits);
      order.forEach((one) => selection.add(one));
      expect(selection.selected()).toEqual([row(1)]);
      expect(selection.seen).toBe(1);
    }
    const without = new Selection(limits);
    [candidate, shadow].forEach((one) => without.add(one));
    expect(without.selected()).toEqual([shadow]);
  });
});

describe('the split', () => {
  test('keeps the newest share for evaluation', () => {
    const split = splitByTime(rows(200), DATA);
    if (!split.enough) throw new Error(split.reason);
    expect(split.training.map(({ id }) => id)).toEqual(rows(160).map(({ id }) => id));
    expect(split.evaluation.map(({ id }) => id)).toEqual(
      rows(200)
        .slice(160)
        .map(({ id }) => id),
    );
  });

  test('evaluates on what stable itself answered, and never trains on the rest of the newest', () => {
    const given = rows(200).map((one, index) => (index % 2 === 1 ? { ...one, byStable: index < 160 } : one));
    const share = splitByTime(given, { ...DATA, evaluationShare: 0.4 });
    if (!share.enough) throw new Error(share.reason);
    expect(share.training).toHaveLength(120);
    expect(share.evaluation).toHaveLength(60);
    expect(share.evaluation.every(({ byStable }) => byStable)).toBe(true);
  });

  test('evaluates on no more than a transform job answers, the same whatever came beside them', () => {
    const split = splitByTime(rows(60_000), { ...DATA, evaluationShare: 0.5 });
    if (!split.enough) throw new Error(split.reason);
    expect(split.training).toHaveLength(30_000);
    expect(split.evaluation).toHaveLength(MOST_EVALUATION_ROWS);
    const times = split.evaluation.map(({ atMillis }) => atMillis);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    const known = new Set(split.evaluation.map(({ id }) => id));
    const fewer = splitByTime(rows(59_000), { ...DATA, evaluationShare: 29_000 / 59_000 });
    if (!fewer.enough) throw new Error(fewer.reason);
    expect(fewer.evaluation.filter(({ id }) => known.has(id)).length).toBeGreaterThan(9_000);
  });

  test.each<[string, LabelledRow[], RegExp]>([
    ['too few rows', rows(99), /99 answers of the last 30 days.*100 are needed/],
    ['too few of stable', rows(200).map((one) => ({ ...one, byStable: false })), /stable answered 0 of the newest 40/],
    [
      'too few with an answer',
      rows(200).map((one, index) => {
        const bare = { ...one };
        if (index >= 160 + FEWEST_EVALUATION_ROWS - 1) delete bare.answer;
        return bare;
      }),
      /stable answered 29 of the newest 40/,
    ],
  ])('is refused with %s', (_, given, words) => {
    const split = splitByTime(given, DATA);
    expect(split.enough).toBe(false);
    if (!split.enough) expect(split.reason).toMatch(words);
  });
});

describe('the rows of the baseline', () => {
  test('are a sample over the whole time, of rows for training and for evaluation alike', () => {
    const [training, evaluation] = [rows(800), rows(1000).slice(800)];
    const sample = baselineRows(training, evaluation, 100);
    expect(sample.training.length).toBeGreaterThan(50);
    expect(sample.training.length).toBeLessThan(100);
    expect(baselineRows(training, evaluation, 5000).training).toHaveLength(800);
  });
});

describe('a line of the data set', () => {
  test('carries bodies as JSON where they were, else as text', () => {
    expect(JSON.parse(dataLine(row(1)))).toEqual({
      id: 'd1',
      at: '2026-03-01T00:01:00.000Z',
      request: { n: 1 },
      answer: { delay: 1 },
      truth: 1,
    });
    const csv = row(1, { request: '9,"A"', requestIsJson: false, answer: '5', answerIsJson: false, truth: 'late' });
    expect(JSON.parse(dataLine(csv))).toMatchObject({ request: '9,"A"', answer: '5', truth: 'late' });
  });

  test('comes back as what data capture would have kept', () => {
    const [read] = readDataRows(`${dataLine(row(1))}\n`);
    if (read === undefined) throw new Error('no row');
    expect(asAnswered(read, JSON_TYPE)).toEqual({
      id: 'd1',
      atMillis: START + 60_000,
      request: { text: '{"n":1}', contentType: JSON_TYPE },
      answer: { text: '{"delay":1}', contentType: JSON_TYPE },
    });
    expect(answeredBy(read, '{"delay":9}', JSON_TYPE).answer?.text).toBe('{"delay":9}');
    expect(JSON.parse(captureLine(asAnswered(read, JSON_TYPE)))).toEqual({
      captureData: {
        endpointInput: { observedContentType: JSON_TYPE, mode: 'INPUT', data: '{"n":1}', encoding: 'JSON' },
        endpointOutput: { observedContentType: JSON_TYPE, mode: 'OUTPUT', data: '{"delay":1}', encoding: 'JSON' },
      },
      eventMetadata: { eventId: 'd1', inferenceId: 'd1', inferenceTime: '2026-03-01T00:01:00.000Z' },
      eventVersion: '0',
    });
  });
});

describe('the answers of a transform job', () => {
  test('are one line each', () => {
    expect(answersOf('{"a":1}\n\n{"a":2}\r\n', 2)).toEqual(['{"a":1}', '{"a":2}']);
  });

  test('do not fit where lines are missing or answers have several', () => {
    expect(() => answersOf('1\n', 2)).toThrow(AnswersDoNotFit);
    expect(() => answersOf('{\n"a":1\n}\n', 1)).toThrow(/1 requests with 3 lines/);
  });
});

describe('truth of a month', () => {
  const truth = (revision: number) => ({ value: String(revision), revision, observedAt: '2026-03-01T00:00:00Z' });
  const read = (ids: number[], most: number): SmallestTruths => {
    const truths = new SmallestTruths(most);
    for (const id of ids) truths.set(`d${id}`, truth(id));
    return truths;
  };
  const ids = Array.from({ length: 1000 }, (_, index) => index);

  test('is kept for the ids with the smallest hashes, whatever the order', () => {
    const [forwards, backwards] = [read(ids, 100), read([...ids].reverse(), 100)];
    expect(forwards.size).toBeLessThanOrEqual(125);
    const smallest = [...ids].sort((one, other) => hash32(`d${one}`) - hash32(`d${other}`)).slice(0, 100);
    for (const id of smallest) {
      expect(forwards.get(`d${id}`)).toEqual(truth(id));
      expect(backwards.get(`d${id}`)).toEqual(truth(id));
    }
  });

  test('takes corrections of what it keeps', () => {
    const truths = read(ids, 2000);
    expect(truths.size).toBe(1000);
    truths.set('d7', truth(99));
    expect(truths.get('d7')).toEqual(truth(99));
  });
});
