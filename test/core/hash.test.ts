import fc from 'fast-check';
import type { ReleaseSpec } from '../../core/contracts';
import { canonicalJson, releaseHash, sha256Hex, unitInterval } from '../../core/hash';

describe('canonicalJson', () => {
  test('the order of keys does not matter, the order of items does', () => {
    expect(canonicalJson({ b: [1, 2], a: { d: null, c: 'x' } })).toBe('{"a":{"c":"x","d":null},"b":[1,2]}');
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
  });

  test('undefined members are left out', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe(canonicalJson({ b: 1 }));
  });

  test('any JSON value survives a round trip', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([
    [{ a: [Number.NaN] }, '$.a[0] is NaN'],
    [{ a: new Date(0) }, '$.a is a Date'],
    [{ a: () => 1 }, '$.a is of type function'],
  ])('refuses what is no JSON: %p', (value, message) => {
    expect(() => canonicalJson(value)).toThrow(message);
  });
});

test('sha256Hex is SHA-256 of the UTF-8 text', () => {
  expect(sha256Hex('ä')).toBe('33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc');
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

describe('releaseHash', () => {
  const spec: ReleaseSpec = {
    useCase: 'triage',
    model: { image: 'image:1', environment: { A: '1' } },
    serving: { mode: 'real-time', instanceType: 'ml.g5.xlarge', minInstances: 1, maxInstances: 1 },
    behaviour: { threshold: 0.5 },
    rollout: {
      strategy: 'canary',
      steps: [],
      maxDurationMinutes: 60,
      inconclusive: 'hold',
      holdout: 0.02,
      rollbackAlpha: 0.05,
      promotionAlpha: 0.05,
      stratumMinutes: 5,
    },
    kpis: [],
    approvals: { requiredRoles: [], deadlineMinutes: 60, onDeadline: 'reject' },
  };

  test('changes with model, serving and behaviour', () => {
    const hashes = [
      spec,
      { ...spec, model: { ...spec.model, image: 'image:2' } },
      { ...spec, serving: { ...spec.serving, maxInstances: 2 } },
      { ...spec, behaviour: { threshold: 0.6 } },
    ].map((one) => releaseHash(one));
    expect(new Set(hashes).size).toBe(4);
  });

  test('does not change with the policy', () => {
    expect(releaseHash({ ...spec, useCase: 'other', approvals: { ...spec.approvals, deadlineMinutes: 1 } } as ReleaseSpec)).toBe(
      releaseHash(spec),
    );
  });
});

describe('unitInterval', () => {
  test('is in [0, 1) and even', () => {
    const draws = Array.from({ length: 4000 }, (_, index) => unitInterval(`unit ${index}`));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    for (let decile = 0; decile < 10; decile++) {
      const share = draws.filter((draw) => Math.floor(draw * 10) === decile).length / draws.length;
      // 5 standard errors of 0.1 at n = 4000.
      expect(Math.abs(share - 0.1)).toBeLessThan(0.024);
    }
  });

  test('is the first 52 bits of the SHA-256', () => {
    expect(unitInterval('abc')).toBe(0xba7816bf8f01c / 2 ** 52);
  });
});
