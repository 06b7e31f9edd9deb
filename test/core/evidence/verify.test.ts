import * as fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import {
  auditMarkdown,
  bundleKey,
  type EvidenceAudit,
  type EvidenceToVerify,
  headKey,
  publicKeyKey,
  readHead,
  sealed,
  type StoredObject,
  verifyEvidence,
} from '../../../core/evidence';
import { releaseHash } from '../../../core/hash';
import { bundleOf, chain, headOf, KEY_ARN, NOW, signer, stored } from './chain';

const OURS = signer();
const COUNT = 5;
const { objects, bundles, heads } = chain(COUNT, OURS);

const verify = (given: StoredObject[], more: Partial<EvidenceToVerify> = {}): EvidenceAudit =>
  verifyEvidence({ objects: given, publicKeys: { [KEY_ARN]: OURS.pem }, atIso: NOW, ...more });

const keyOf = (sequence: number): string => bundleKey(sequence, `r${sequence}-0a1b2c3d`);
const replaced = (key: string, text: string): StoredObject[] => objects.map((one) => (one.key === key ? stored(key, text) : one));
const without = (...keys: string[]): StoredObject[] => objects.filter(({ key }) => !keys.includes(key));
const codes = ({ findings }: EvidenceAudit): string[] => findings.map(({ code, key }) => `${code} ${key}`);

test('a chain that nobody touched is verified, with who signed what', () => {
  const audit = verify(objects);
  expect(audit).toMatchObject({ verified: true, findings: [], pending: [] });
  expect(audit.entries.map(({ sequence, releaseId, head }) => [sequence, releaseId, head?.keyArn])).toEqual(
    bundles.map(({ sequence, releaseId }) => [sequence, releaseId, KEY_ARN]),
  );
  expect(audit.signers[0]?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(verify([]).verified).toBe(true);
});

const code = ({ findings }: EvidenceAudit): string => findings[0]?.code ?? 'none';

test('a key that is none, or of another kind, signed nothing', () => {
  const garbage = verify(objects, { publicKeys: { [KEY_ARN]: 'x' } });
  expect(codes(garbage).slice(0, 2)).toEqual([`unreadable ${publicKeyKey(KEY_ARN)}`, `unknown-key ${headKey(1)}`]);
  const { publicKey } = generateKeyPairSync('ed25519');
  const other = verify(objects, { publicKeys: { [KEY_ARN]: publicKey.export({ format: 'pem', type: 'spki' }) as string } });
  expect(codes(other)[0]).toBe(`head-changed ${headKey(1)}`);
});

test('a bundle that says nonsense, well formed, is told as such', () => {
  const nonsense = bundleOf(1, undefined, { spec: {} as never, approvals: [{}] as never });
  const audit = verify([stored(keyOf(1), sealed(nonsense).text)]);
  expect(codes(audit)).toContain(`bundle-changed ${keyOf(1)}`);
  expect(auditMarkdown(audit, audit.entries, 'any')).toContain('its members are not those of a bundle');
});

describe('tampering is found and named', () => {
  test('any change of any byte of any object', () => {
    const anywhere = fc
      .nat(objects.length - 1)
      .chain((object) =>
        fc.record({ object: fc.constant(object), at: fc.nat(objects[object]!.bytes.length - 1), flip: fc.integer({ min: 1, max: 255 }) }),
      );
    fc.assert(
      fc.property(anywhere, ({ object, at, flip }) => {
        const { key, bytes } = objects[object]!;
        const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ flip : byte));
        const audit = verify(objects.map((one, index) => (index === object ? { ...one, bytes: changed } : one)));
        expect(audit.verified).toBe(false);
        expect(auditMarkdown(audit, audit.entries, 'any')).toContain(code(audit));
        // Only the object that was touched is blamed.
        expect(new Set(audit.findings.map((finding) => finding.key))).toEqual(new Set([key]));
      }),
      // The example: a member's name that was changed, so that the member is missing.
      { numRuns: 600, examples: [[{ object: 3, at: 16, flip: 1 }]] },
    );
  });

  test('bytes that are cut off or added', () => {
    const anywhere = fc.record({
      object: fc.nat(objects.length - 1),
      length: fc.integer({ min: -20, max: 20 }).filter((one) => one !== 0),
    });
    fc.assert(
      fc.property(anywhere, ({ object, length }) => {
        const { bytes, key } = objects[object]!;
        const changed = length < 0 ? bytes.slice(0, length) : Buffer.concat([bytes, Buffer.alloc(length, 32)]);
        const audit = verify(objects.map((one, index) => (index === object ? { ...one, bytes: changed } : one)));
        expect(audit.findings.map((finding) => finding.key)).toEqual([key]);
      }),
      { numRuns: 200 },
    );
  });

  test.each([1, 3, COUNT])('bundle %d is missing', (sequence) => {
    const audit = verify(without(keyOf(sequence)));
    expect(codes(audit)).toEqual([`bundle-missing ${keyOf(sequence)}`]);
    expect(audit.findings[0]?.words).toContain(`its head says that it is of r${sequence}-0a1b2c3d`);
  });

  test('bundle and head are missing in the middle', () => {
    expect(codes(verify(without(keyOf(3), headKey(3))))).toEqual(['bundle-missing bundles/00000003-?.json']);
  });

  test('the end of the chain is cut off: the ledger, or a head that was kept, knows that there was more', () => {
    const cut = without(keyOf(5), headKey(5));
    expect(verify(cut).verified).toBe(true);
    const tip = { sequence: 5, sha256: sealed(bundles[4]!).sha256 };
    expect(codes(verify(cut, { tip }))).toEqual(['bundle-missing bundles/00000005-?.json']);
    const read = readHead(Buffer.from(heads[4]!));
    if (!read.ok) throw new Error(read.why);
    expect(codes(verify(cut, { knownHead: read.value }))).toEqual([`known-head-gone ${headKey(5)}`]);
    expect(verify(objects, { tip, knownHead: read.value }).verified).toBe(true);
  });

  test('two bundles have changed places', () => {
    const [second, third] = [2, 3].map((sequence) => sealed(bundles[sequence - 1]!).text);
    const swapped = replaced(keyOf(2), third!).map((one) => (one.key === keyOf(3) ? stored(one.key, second!) : one));
    expect(codes(verify(swapped))).toEqual([`bundle-changed ${keyOf(2)}`, `bundle-changed ${keyOf(3)}`]);
  });

  test('two bundles have changed places together with their heads', () => {
    const named = new Map(objects.map((one) => [one.key, one]));
    const put = (key: string, from: string): StoredObject => ({ ...named.get(from)!, key });
    const swapped = [
      ...without(keyOf(2), keyOf(3), headKey(2), headKey(3)),
      put(bundleKey(2, 'r3-0a1b2c3d'), keyOf(3)),
      put(bundleKey(3, 'r2-0a1b2c3d'), keyOf(2)),
      put(headKey(2), headKey(3)),
      put(headKey(3), headKey(2)),
    ];
    const audit = verify(swapped);
    expect(codes(audit)).toContain(`head-replayed ${headKey(2)}`);
    expect(codes(audit)).toContain(`head-replayed ${headKey(3)}`);
    expect(audit.findings.find(({ key }) => key === headKey(2))?.words).toBe('it is the head of place 3 (r3-0a1b2c3d), put at place 2');
  });

  test('a bundle was rewritten together with all later hashes', () => {
    const rewritten = [...bundles];
    rewritten[1] = { ...rewritten[1]!, approvals: [{ role: 'risk', decision: 'approve', by: 'arn:forged', at: NOW }] };
    for (let index = 2; index < COUNT; index += 1)
      rewritten[index] = { ...rewritten[index]!, previousBundleSha256: sealed(rewritten[index - 1]!).sha256 };
    const forged = objects.map((one) => {
      const index = rewritten.findIndex(({ sequence }) => one.key === keyOf(sequence));
      return index < 0 ? one : stored(one.key, sealed(rewritten[index]!).text);
    });
    const tip = { sequence: COUNT, sha256: sealed(rewritten[COUNT - 1]!).sha256 };
    expect(codes(verify(forged, { tip }))).toEqual([2, 3, 4, 5].map((sequence) => `bundle-changed ${keyOf(sequence)}`));
  });

  test('a bundle was rewritten with all later hashes, and all heads signed by another key', () => {
    const theirs = signer('arn:aws:kms:eu-west-1:111122223333:key/theirs');
    const forged = chain(COUNT, theirs);
    const audit = verify(forged.objects);
    expect(audit.verified).toBe(false);
    expect(codes(audit).slice(0, COUNT)).toEqual([1, 2, 3, 4, 5].map((sequence) => `unknown-key ${headKey(sequence)}`));
    // The same, under our key's name.
    const named = chain(COUNT, { ...theirs, keyArn: KEY_ARN });
    expect(codes(verify(named.objects))[0]).toBe(`head-changed ${headKey(1)}`);
  });

  test('a head was replayed at another place, or comes from another use case', () => {
    expect(codes(verify(replaced(headKey(4), heads[2]!)))).toEqual([`head-replayed ${headKey(4)}`]);
    const foreign = headOf(bundles[3]!, heads[2], OURS, { useCase: 'claims' });
    expect(codes(verify(replaced(headKey(4), foreign)))).toEqual([`head-replayed ${headKey(4)}`]);
  });

  test('a head that is ours follows none of the heads that are there', () => {
    const apart = headOf(bundles[3]!, heads[0], OURS);
    const audit = verify(replaced(headKey(4), apart));
    // The fifth follows the true fourth.
    expect(codes(audit)).toEqual([`head-chain-broken ${headKey(4)}`, `head-chain-broken ${headKey(5)}`]);
  });

  test('a head is missing although later ones were signed', () => {
    expect(codes(verify(without(headKey(2))))).toEqual([`head-missing ${headKey(2)}`]);
  });

  test('the looks that a bundle names are missing or changed', () => {
    const looks = objects.find(({ key }) => key.startsWith('looks/'))!;
    expect(codes(verify(without(looks.key)))).toEqual([`looks-missing ${looks.key}`]);
    expect(codes(verify(replaced(looks.key, 'nothing')))).toEqual([`looks-changed ${looks.key}`]);
  });

  test('an object was written again or deleted: its versions tell', () => {
    const again = objects.map((one) => (one.key === keyOf(2) ? { ...one, versions: 2 } : one));
    expect(codes(verify(again))).toEqual([`replaced ${keyOf(2)}`]);
    const deleted = objects.map((one) => (one.key === keyOf(2) ? { ...one, versions: 2, deleted: true } : one));
    expect(codes(verify(deleted))).toEqual([`deleted ${keyOf(2)}`, `bundle-missing ${keyOf(2)}`]);
  });

  test('something lies where nothing belongs', () => {
    const second = stored(bundleKey(2, 'r9-ffffffff'), sealed(bundles[1]!).text);
    expect(codes(verify([...objects, second]))).toEqual([`bundle-duplicate ${second.key}`]);
    const stray = stored('bundles/notes.txt', 'x');
    expect(codes(verify([...objects, stray]))).toEqual([`misplaced ${stray.key}`]);
    expect(verify([...objects, stored('readme.md', 'x')]).verified).toBe(true);
  });
});

describe('before it is signed', () => {
  const last = bundleOf(6, bundles[4]);
  const file = stored(bundleKey(6, last.releaseId), sealed(last).text);

  test('a young bundle is pending, an old one a finding', () => {
    const young = verify([...objects, { ...file, storedAt: NOW }]);
    expect(young).toMatchObject({ verified: true, pending: [{ sequence: 6, key: file.key }] });
    const old = verify([...objects, { ...file, storedAt: '2026-03-10T08:44:00.000Z' }]);
    expect(codes(old)).toEqual([`head-missing ${headKey(6)}`]);
    expect(verify([...objects, { ...file, storedAt: '2026-03-10T08:44:00.000Z' }], { pendingMinutes: 20 }).verified).toBe(true);
  });

  test('the ledger speaks for it', () => {
    const tip = { sequence: 6, sha256: sealed(last).sha256 };
    const given = [...objects, { ...file, storedAt: NOW }];
    expect(verify(given, { tip }).verified).toBe(true);
    expect(codes(verify(given, { tip: { ...tip, sha256: '0'.repeat(64) } }))).toEqual([`bundle-changed ${file.key}`]);
    expect(codes(verify(given, { tip: { sequence: 5, sha256: sealed(bundles[4]!).sha256 } }))).toEqual([`beyond-ledger ${file.key}`]);
    expect(verify(objects, { tip: { ...tip, owed: true } })).toMatchObject({ verified: true, pending: [{ sequence: 6 }] });
  });

  test('what does not follow the chain is found without a head', () => {
    const apart = bundleOf(6, bundles[2]);
    const given = [...objects, { ...stored(file.key, sealed(apart).text), storedAt: NOW }];
    expect(codes(verify(given))).toEqual([`chain-broken ${file.key}`]);
    const other = { ...last, spec: { ...last.spec, behaviour: { threshold: 1 } } };
    const changed = [...objects, { ...stored(file.key, sealed(other).text), storedAt: NOW }];
    expect(codes(verify(changed))).toEqual([`bundle-changed ${file.key}`]);
    expect(releaseHash(other.spec)).not.toBe(other.hash);
  });
});

test('releases that ended need a bundle that says so', () => {
  const ended = [
    { id: 'r5-0a1b2c3d', outcome: 'promoted' },
    { id: 'r4-0a1b2c3d', outcome: 'rolled-back' },
    { id: 'r7-ffffffff', outcome: 'killed' },
  ];
  const audit = verify(objects, { ended });
  expect(audit.findings.map(({ words }) => words)).toEqual([
    'release r4-0a1b2c3d ended as rolled-back in the ledger, and as promoted in its last bundle',
    'release r7-ffffffff ended as killed and has no bundle',
  ]);
});

test('of a release that was taken back the last bundle counts', () => {
  const first = bundleOf(1, undefined);
  const second = bundleOf(2, first, {
    releaseId: first.releaseId,
    outcome: 'rolled-back',
    endedBefore: { outcome: 'promoted', endedAt: NOW },
  });
  const head = headOf(first, undefined, OURS);
  const given = [
    stored(bundleKey(1, first.releaseId), sealed(first).text),
    stored(bundleKey(2, second.releaseId), sealed(second).text),
    stored(headKey(1), head),
    stored(headKey(2), headOf(second, head, OURS)),
  ];
  expect(verify(given, { ended: [{ id: first.releaseId, outcome: 'rolled-back' }] }).verified).toBe(true);
});
