import fc from 'fast-check';
import { makeDecisionId, MAX_DECISION_ID_LENGTH, parseKeyring, readDecisionId, unitKeyOf } from '../../core/decision-id';
import type { Keyring } from '../../core/decision-id';

const keyring = parseKeyring('{"current":"k1","k1":"a secret of many characters"}');
const parts = {
  keyring,
  arm: 'candidate' as const,
  releaseId: 'r7-3f2a9c1b',
  exposureMillis: Date.parse('2026-03-02T09:05:41.123Z'),
  unitKey: unitKeyOf(keyring, 'triage', 'case 17'),
  nonce: 'b9b9c1f2-7d2e-4c59-a7ad-1e8a0c6a5f01',
};

describe('a decision id', () => {
  test('says arm, release, exposure minute and unit', () => {
    expect(readDecisionId(keyring, makeDecisionId(parts))).toEqual({
      ok: true,
      arm: 'candidate',
      releaseId: 'r7-3f2a9c1b',
      exposureMinuteMillis: Date.parse('2026-03-02T09:05:00Z'),
      unitKey: parts.unitKey,
    });
  });

  test('fits into an InferenceId and reads back, whatever it says', () => {
    const keyId = fc.integer({ min: 1, max: 999 }).map((number) => `k${number}`);
    const sequence = fc.integer({ min: 1, max: 999_999 });
    const hash = fc.stringMatching(/^[0-9a-f]{8}$/);
    const millis = fc.integer({ min: 0, max: Date.parse('2080-01-01T00:00:00Z') });
    fc.assert(
      fc.property(
        keyId,
        sequence,
        hash,
        millis,
        fc.constantFrom('baseline' as const, 'stable' as const, 'candidate' as const),
        fc.string(),
        (current, number, digits, exposureMillis, arm, nonce) => {
          const ring = { current, [current]: 'a secret of many characters' } as Keyring;
          const releaseId = `r${number}-${digits}`;
          const unitKey = unitKeyOf(ring, 'triage', nonce);
          const id = makeDecisionId({ keyring: ring, arm, releaseId, exposureMillis, unitKey, nonce });
          expect(id.length).toBeLessThanOrEqual(MAX_DECISION_ID_LENGTH);
          expect(id).toMatch(/^[\x20-\x7e]+$/);
          const exposureMinuteMillis = Math.floor(exposureMillis / 60_000) * 60_000;
          expect(readDecisionId(ring, id)).toEqual({ ok: true, arm, releaseId, exposureMinuteMillis, unitKey });
        },
      ),
    );
  });

  test('differs with the nonce alone', () => {
    expect(makeDecisionId(parts)).not.toBe(makeDecisionId({ ...parts, nonce: 'another' }));
    expect(makeDecisionId(parts)).toBe(makeDecisionId({ ...parts }));
  });

  test('changed in any one character it is refused', () => {
    const id = makeDecisionId(parts);
    for (let index = 0; index < id.length; index++) {
      const forged = `${id.slice(0, index)}${id[index] === 'x' ? 'y' : 'x'}${id.slice(index + 1)}`;
      expect(readDecisionId(keyring, forged).ok).toBe(false);
    }
  });

  test.each([
    ['', 'not a decision id'],
    ['k1.cr7.a.b.c', 'not a decision id'],
    ['x'.repeat(65), 'not a decision id'],
    ['k2.cr7-3f2a9c1b.a.b.c.d', 'not in the keyring'],
    ['current.cr7-3f2a9c1b.a.b.c.d', 'not in the keyring'],
    ['k1.cr7-3f2a9c1b.a.b.c.d', 'signature'],
  ])('refuses %p', (id, reason) => {
    expect(readDecisionId(keyring, id)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  test('of another use case is refused: its keyring differs', () => {
    const other = parseKeyring('{"current":"k1","k1":"some other secret text"}');
    expect(readDecisionId(other, makeDecisionId(parts)).ok).toBe(false);
  });

  test('survives a rotation of keys, as long as the old key is kept', () => {
    const id = makeDecisionId(parts);
    const rotated = parseKeyring('{"current":"k2","k1":"a secret of many characters","k2":"the next secret, as long"}');
    expect(readDecisionId(rotated, id).ok).toBe(true);
    expect(makeDecisionId({ ...parts, keyring: rotated })).toMatch(/^k2\./);
    expect(readDecisionId(parseKeyring('{"current":"k2","k2":"the next secret, as long"}'), id).ok).toBe(false);
  });

  test.each([
    [{ releaseId: 'r7.x' }, "Release id 'r7.x'"],
    [{ releaseId: 'r12345678-3f2a9c1b' }, 'Release id'],
    [{ unitKey: 'alice@example.com' }, 'Unit key'],
    [{ exposureMillis: Number.NaN }, 'Exposure time'],
    [{ exposureMillis: -1 }, 'Exposure time'],
  ])('cannot be made of %p', (change, message) => {
    expect(() => makeDecisionId({ ...parts, ...change })).toThrow(message);
  });
});

describe('unitKeyOf', () => {
  test('depends on unit and use case, shows neither, and stays when keys rotate', () => {
    const rotated = parseKeyring(
      '{"k10":"the tenth secret of all","k2":"the next secret, as long","current":"k10","k1":"a secret of many characters"}',
    );
    expect(unitKeyOf(keyring, 'triage', 'alice')).not.toBe(unitKeyOf(keyring, 'triage', 'bob'));
    expect(unitKeyOf(keyring, 'triage', 'alice')).not.toBe(unitKeyOf(keyring, 'other', 'alice'));
    expect(unitKeyOf(keyring, 'triage', 'alice')).toMatch(/^[A-Za-z0-9_-]{11}$/);
    expect(unitKeyOf(rotated, 'triage', 'alice')).toBe(unitKeyOf(keyring, 'triage', 'alice'));
  });
});

describe('parseKeyring', () => {
  test.each([
    ['not json with a secret', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['{"k1":"a secret of many characters"}', "'current' must name"],
    ['{"current":"k2","k1":"a secret of many characters"}', "'current' must name"],
    ['{"current":"k1","k1":"short"}', 'at least 16 characters'],
    ['{"current":"main","main":"a secret of many characters"}', "key id 'main'"],
  ])('refuses %s', (text, message) => {
    expect(() => parseKeyring(text)).toThrow(message);
  });

  test('never quotes the secret', () => {
    expect(() => parseKeyring('hush-hush')).toThrow(expect.not.objectContaining({ message: expect.stringContaining('hush') }));
  });
});
