import { dueHours, groupsOf, isSmall, listedFrom, partsOf, SMALL_BYTES, SMALL_OBJECTS } from '../../../../core/drift/look/due';
import { byHour, type CaptureObject, folderOfHour, hourName, hourOfKey, hourOfName } from '../../../../core/drift/look/objects';
import { isMissing } from '../../../../core/drift/look/missing';

const HOUR = hourOfName('2026-03-02T09');
const object = (key: string, size = 10, etag = 'e'): CaptureObject => ({ key, size, etag });
const at = (hour: number, name: string, size?: number, etag?: string): CaptureObject =>
  object(`c/e/a/${folderOfHour(hour)}${name}.jsonl`, size, etag);

test('hours and their folders', () => {
  expect(hourName(HOUR)).toBe('2026-03-02T09');
  expect(folderOfHour(HOUR)).toBe('2026/03/02/09/');
  expect(hourOfKey('c/e/a/2026/03/02/09/x.jsonl')).toBe(HOUR);
  expect(hourOfKey('c/e/a/2026/03/02/99/x.jsonl')).toBeUndefined();
  expect(hourOfKey('c/e/a/2026/03/02/x.jsonl')).toBeUndefined();
  expect(hourOfKey('2026/03/02/09')).toBeUndefined();
});

test('a digest is that of keys, sizes and ETags, in any order', () => {
  const digest = (...objects: CaptureObject[]): string | undefined => byHour(objects, HOUR, HOUR).get(HOUR)?.digest;
  const known = digest(at(HOUR, 'x'), at(HOUR, 'y'));
  expect(digest(at(HOUR, 'y'), at(HOUR, 'x'))).toBe(known);
  expect(digest(at(HOUR, 'x'))).not.toBe(known);
  expect(digest(at(HOUR, 'x', 11), at(HOUR, 'y'))).not.toBe(known);
  expect(digest(at(HOUR, 'x', 10, 'f'), at(HOUR, 'y'))).not.toBe(known);
  expect(byHour([at(HOUR - 1, 'x'), at(HOUR + 1, 'x'), object('notes.txt')], HOUR, HOUR).size).toBe(0);
});

test('due is what has changed, the newest first', () => {
  const captures = byHour([at(HOUR - 2, 'x'), at(HOUR - 1, 'x'), at(HOUR, 'x')], HOUR - 5, HOUR);
  const digest = captures.get(HOUR - 1)?.digest ?? '';
  expect(
    dueHours(
      captures,
      new Map([
        [HOUR - 1, { digest }],
        [HOUR - 2, { digest: 'old' }],
      ]),
    ).map(({ hour }) => hour),
  ).toEqual([HOUR, HOUR - 2]);
});

test.each([
  ['two days where all before is settled', HOUR - 500, HOUR - 60, HOUR - 60],
  ['from the promotion on', HOUR - 3, undefined, HOUR - 3],
  ['a week where nothing is known', HOUR - 500, undefined, HOUR - 167],
  ['never more than a week', HOUR - 500, HOUR - 400, HOUR - 167],
  ['two days at least', HOUR - 500, HOUR - 1, HOUR - 47],
])('listed are %s', (_, since, settled, from) => {
  expect(listedFrom(HOUR, since, settled)).toBe(from);
});

test('small is what one function reads', () => {
  expect(isSmall({ objects: [object('x', SMALL_BYTES)] })).toBe(true);
  expect(isSmall({ objects: [object('x', SMALL_BYTES), object('y', 1)] })).toBe(false);
  expect(isSmall({ objects: Array.from({ length: SMALL_OBJECTS + 1 }, () => object('x', 1)) })).toBe(false);
});

test('parts hold every file once, in order, within their limits', () => {
  const MB = 1024 * 1024;
  const objects = Array.from({ length: 1000 }, (_, index) => object(`k${index}`, index % 50 === 0 ? 200 * MB : MB));
  const parts = partsOf(objects);
  expect(parts.flatMap((part) => part.objects)).toEqual(objects);
  expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index));
  for (const part of parts) {
    const bytes = part.objects.reduce((sum, { size }) => sum + size, 0);
    expect(part.objects.length === 1 || bytes <= 128 * MB).toBe(true);
    expect(part.objects.length).toBeLessThanOrEqual(400);
  }
  expect(partsOf([])).toEqual([]);
});

test.each([1, 39, 40, 41, 400])('groups of %d parts hold each part once', (count) => {
  const parts = groupsOf(count).flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
  expect(parts).toEqual(Array.from({ length: count }, (_, index) => index));
});

test.each([
  [0, 1, 0, false],
  [100, 1, 3, false],
  [1, 1, 0, true],
  [1000, 0.01, 0, false],
  [2000, 0.01, 0, true],
  [1, 0, 0, true],
])('of %d requests, a share of %d captured, %d files: missing is %p', (requests, share, files, missing) => {
  expect(isMissing(requests, share, files)).toBe(missing);
});
