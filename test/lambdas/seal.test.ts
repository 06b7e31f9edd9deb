import './quiet';
import { bundleKey, headKey, publicKeyKey, sealed, verifyEvidence } from '../../core/evidence';
import type { EvidenceBundle, SignedHead } from '../../core/contracts';
import { seal } from '../../lambdas/seal/seal';
import { bundleOf } from '../core/evidence/chain';
import { memoryBucket, sealOver } from './evidence-store';

const AT = '2026-03-10T09:00:00.000Z';

function bundlesOf(count: number): EvidenceBundle[] {
  const bundles: EvidenceBundle[] = [];
  for (let sequence = 1; sequence <= count; sequence += 1) bundles.push(bundleOf(sequence, bundles.at(-1)));
  return bundles;
}

async function setUp() {
  const memory = memoryBucket();
  const sealing = await sealOver(memory.bucket);
  const put = (...bundles: EvidenceBundle[]): void =>
    bundles.forEach((bundle) => memory.objects.set(bundleKey(bundle.sequence, bundle.releaseId), sealed(bundle).text));
  const audit = () => verifyEvidence({ objects: memory.stored(), publicKeys: sealing.publicKeys, atIso: AT });
  const head = (sequence: number) => JSON.parse(memory.objects.get(headKey(sequence)) ?? '{}') as Partial<SignedHead>;
  return { ...memory, ...sealing, put, audit, head };
}

test('signs a bundle, and leaves the public key beside it', async () => {
  const the = await setUp();
  the.put(...bundlesOf(1));
  expect(await seal(the.parts)).toEqual({ sealed: 1 });
  expect(the.head(1)).toMatchObject({ schema: 'sluice.head/v1', sequence: 1, releaseId: 'r1-0a1b2c3d', keyArn: the.keyArn });
  expect(the.head(1)).not.toHaveProperty('previousHeadSha256');
  expect(the.objects.get(publicKeyKey(the.keyArn))).toContain('BEGIN PUBLIC KEY');
  expect(the.audit().verified).toBe(true);
});

test('called twice it signs once', async () => {
  const the = await setUp();
  the.put(...bundlesOf(2));
  await seal(the.parts);
  const before = new Map(the.objects);
  the.clock.millis += 60_000;
  expect(await seal(the.parts)).toEqual({ sealed: 0 });
  expect(the.objects).toEqual(before);
  expect(the.signed).toHaveLength(2);
});

test('out of order: a later bundle waits until the one before is there, then both are signed in their order', async () => {
  const the = await setUp();
  const [first, second, third] = bundlesOf(3);
  the.put(first!);
  await seal(the.parts);
  the.put(third!);
  await expect(seal(the.parts)).rejects.toThrow('the next place of the chain is 2');
  expect(the.objects.has(headKey(3))).toBe(false);
  the.put(second!);
  expect(await seal(the.parts)).toEqual({ sealed: 2 });
  expect(the.audit()).toMatchObject({ verified: true, pending: [] });
});

test('late: what no event told of is signed at the next call', async () => {
  const the = await setUp();
  the.put(...bundlesOf(5));
  expect(await seal(the.parts)).toEqual({ sealed: 5 });
  expect(the.audit().verified).toBe(true);
});

test('a handler that dies after signing leaves nothing half done', async () => {
  const the = await setUp();
  the.put(...bundlesOf(2));
  the.before('PutObject', () => undefined);
  the.before('PutObject', () => {
    throw new Error('died');
  });
  await expect(seal(the.parts)).rejects.toThrow('died');
  expect(the.objects.has(headKey(1))).toBe(false);
  expect(await seal(the.parts)).toEqual({ sealed: 2 });
  expect(the.audit().verified).toBe(true);
});

test('two at once: one head stands, and the next follows the one that stands', async () => {
  const the = await setUp();
  the.put(...bundlesOf(2));
  // While the first is about to store its head, another one has signed everything a second earlier.
  the.before('PutObject', () => undefined);
  the.before('PutObject', async () => {
    the.clock.millis -= 1000;
    await seal(the.parts);
    the.clock.millis += 1000;
  });
  await seal(the.parts);
  expect(the.head(1).signedAt).toBe(the.head(2).signedAt);
  expect(the.audit()).toMatchObject({ verified: true, findings: [] });
});

describe('never signs', () => {
  test('a bundle that does not follow the last signed one', async () => {
    const the = await setUp();
    const [first, second] = bundlesOf(2);
    the.put(first!);
    await seal(the.parts);
    the.put({ ...second!, previousBundleSha256: '0'.repeat(64) });
    await expect(seal(the.parts)).rejects.toMatchObject({ name: 'BrokenChain' });
    expect(the.objects.has(headKey(2))).toBe(false);
  });

  test('a bundle after one that was changed since it was signed: the signed one is what counts', async () => {
    const the = await setUp();
    const [first] = bundlesOf(1);
    the.put(first!);
    await seal(the.parts);
    const rewritten = { ...first!, reason: 'rewritten' };
    the.put(rewritten, bundleOf(2, rewritten));
    await expect(seal(the.parts)).rejects.toThrow('it follows a bundle of SHA-256');
  });

  test('a second bundle for a place that is signed', async () => {
    const the = await setUp();
    const [first, second] = bundlesOf(2);
    the.put(first!, second!);
    await seal(the.parts);
    const forged = { ...second!, releaseId: 'r9-ffffffff' };
    the.put(forged);
    await expect(seal(the.parts)).rejects.toThrow('lies at a place whose bundle is signed already');
    // Those that follow the true one are signed all the same.
    the.put(bundleOf(3, second));
    await expect(seal(the.parts)).rejects.toThrow('signed already');
    expect(the.head(3).sequence).toBe(3);
  });

  test('what is no bundle, or one of another use case or name', async () => {
    const the = await setUp();
    the.objects.set('bundles/notes.txt', 'x');
    await expect(seal(the.parts)).rejects.toThrow('bundles/notes.txt is not signed');
    the.objects.clear();
    the.objects.set(bundleKey(1, 'r1'), '{}');
    await expect(seal(the.parts)).rejects.toThrow('its schema is undefined');
    the.objects.clear();
    the.put({ ...bundlesOf(1)[0]!, useCase: 'claims' });
    await expect(seal(the.parts)).rejects.toThrow('it is of the use case claims, not of support-triage');
    the.objects.clear();
    the.objects.set(bundleKey(1, 'r7'), sealed(bundlesOf(1)[0]!).text);
    await expect(seal(the.parts)).rejects.toThrow('lies under the name of r7');
    expect(the.signed).toEqual([]);
  });

  test('anything on top of a head that is none', async () => {
    const the = await setUp();
    the.put(...bundlesOf(2));
    await seal(the.parts);
    the.objects.set(headKey(3), the.objects.get(headKey(2))!);
    await expect(seal(the.parts)).rejects.toThrow(`${headKey(3)} is no head of this place: it is head 2`);
    the.objects.set(headKey(3), 'x');
    await expect(seal(the.parts)).rejects.toThrow('it is no JSON text');
  });
});
