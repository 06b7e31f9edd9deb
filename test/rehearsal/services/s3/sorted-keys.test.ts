import fc from 'fast-check';
import { compareKeys, firstFrom, SortedKeys } from '../../../../rehearsal/services/s3/sorted-keys';

const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));
/** Well-formed, as S3's keys are; beyond the basic plane, too. */
const key = fc.string({ unit: 'grapheme', maxLength: 12 });

test('keys are in the order of their UTF-8 bytes', () => {
  fc.assert(fc.property(key, key, (left, right) => expect(Math.sign(compareKeys(left, right))).toBe(byBytes(left, right))));
  expect(compareKeys('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
});

test('whatever is added and removed in any order, all that is left is there, in order', () => {
  const deeds = fc.array(fc.record({ key, gone: fc.boolean(), looks: fc.boolean() }), { maxLength: 200 });
  fc.assert(
    fc.property(deeds, (list) => {
      const sorted = new SortedKeys();
      const known = new Set<string>();
      for (const { key: one, gone, looks } of list) {
        if (known.has(one) && gone) {
          known.delete(one);
          sorted.remove(one);
        } else if (!known.has(one)) {
          known.add(one);
          sorted.add(one);
        }
        if (looks) sorted.all();
      }
      expect(sorted.all()).toEqual([...known].sort(byBytes));
    }),
  );
});

test('keys that were given out stay as they were', () => {
  const sorted = new SortedKeys();
  ['b', 'a', 'c'].forEach((one) => sorted.add(one));
  const before = sorted.all();
  sorted.remove('b');
  sorted.add('d');
  expect(sorted.all()).toEqual(['a', 'c', 'd']);
  expect(before).toEqual(['a', 'b', 'c']);
});

test('the first place from a key on', () => {
  expect([firstFrom([], 'a'), firstFrom(['a', 'c'], 'b'), firstFrom(['a', 'c'], 'c'), firstFrom(['a', 'c'], 'd')]).toEqual([0, 1, 1, 2]);
});
