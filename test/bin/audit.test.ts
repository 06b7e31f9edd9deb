import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createPublicKey } from 'node:crypto';
import { run } from '../../bin/commands/audit';
import type { AuditClients } from '../../bin/audit/aws-source';
import { ledgerKeys, type LedgerKey } from '../../core/contracts';
import { bundleKey, headKey, publicKeyKey, sealed, type StoredObject } from '../../core/evidence';
import { chain, headOf, KEY_ARN, NOW, signer, stored } from '../core/evidence/chain';
import { captured, newFolder, removeFolders, sluice } from './capture';

const OURS = signer();
const { objects, bundles, heads } = chain(3, OURS);
const ALL: StoredObject[] = [...objects, stored(publicKeyKey(KEY_ARN), OURS.pem)];
const SECOND = bundleKey(2, 'r2-0a1b2c3d');

afterAll(removeFolders);

function folderWith(given: StoredObject[] = ALL): string {
  const folder = newFolder();
  for (const { key, bytes } of given) {
    mkdirSync(path.dirname(path.join(folder, key)), { recursive: true });
    writeFileSync(path.join(folder, key), bytes);
  }
  return folder;
}

describe('sluice audit --folder', () => {
  test('verifies a copy of the bucket and tells the chain', async () => {
    const { code, out } = await sluice('audit', '--folder', folderWith());
    expect(code).toBe(0);
    expect(out).toContain('support-triage: 3 bundles, verified: each is what was signed, in its place');
    expect(out).toMatch(/public key SHA-256 [0-9a-f]{64}/);
    expect(out).toContain('compare its SHA-256 with that of the key in KMS');
    expect(out).toMatch(/2 {6}r2-0a1b2c3d {2}promoted/);
  });

  test('tells everything that a bundle says of a release', async () => {
    const { code, out } = await sluice('audit', 'r2-0a1b2c3d', '--folder', folderWith());
    expect(code).toBe(0);
    for (const text of [
      'Release\n',
      'ended as',
      'Approvals\n',
      'arn:anna',
      'Verdicts (each of the 2 looks',
      'not known: it never stood',
      SECOND,
    ])
      expect(out).toContain(text);
    expect(out).not.toContain('r3-0a1b2c3d');
  });

  test('as Markdown, in which no text of people becomes markup', async () => {
    const forged = { ...bundles[0]!, reason: 'good | <b>bold</b> *stars*\n# heading' };
    const head = headOf(forged, undefined, OURS);
    const only = [
      stored(bundleKey(1, forged.releaseId), sealed(forged).text),
      stored(headKey(1), head),
      stored(publicKeyKey(KEY_ARN), OURS.pem),
    ];
    const { code, out } = await sluice('audit', forged.releaseId, '--markdown', '--folder', folderWith(only));
    expect(code).toBe(0);
    expect(out).toContain('# Audit of release r1-0a1b2c3d');
    expect(out).toContain('| because | good \\| \\<b\\>bold\\</b\\> \\*stars\\* \\# heading |');
  });

  test('as JSON, with the bundle as it was written', async () => {
    const { out } = await sluice('audit', 'r2-0a1b2c3d', '--json', '--folder', folderWith());
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(report).toMatchObject({ verified: true, findings: [], pending: [] });
    expect(report['bundles']).toEqual([JSON.parse(sealed(bundles[1]!).text)]);
    expect(report['chain']).toHaveLength(3);
  });

  test('names what is broken and where, and exits with 1', async () => {
    const folder = folderWith();
    const file = path.join(folder, SECOND);
    writeFileSync(file, readFileSync(file, 'utf8').replace('arn:anna', 'arn:bert'));
    for (const asked of [[], ['r1-0a1b2c3d'], ['r2-0a1b2c3d']]) {
      const { code, out } = await sluice('audit', ...asked, '--folder', folder);
      expect(code).toBe(1);
      expect(out).toContain('NOT VERIFIED: 1 finding');
      expect(out).toContain(`bundle-changed  ${SECOND}`);
    }
    const { out } = await sluice('audit', '--markdown', '--folder', folder);
    expect(out).toContain('**Not verified**');
    expect(out).toContain('| bundle-changed |');
    rmSync(file);
    expect((await sluice('audit', 'r2-0a1b2c3d', '--folder', folder)).out).toContain('bundle-missing');
  });

  test('trusts a key that came another way before the one in the folder', async () => {
    const theirs = signer();
    const forged = [...chain(3, theirs).objects, stored(publicKeyKey(KEY_ARN), theirs.pem)];
    const folder = folderWith(forged);
    expect((await sluice('audit', '--folder', folder)).code).toBe(0);
    const pem = path.join(newFolder(), 'key.pem');
    writeFileSync(pem, OURS.pem);
    const { code, out } = await sluice('audit', '--folder', folder, '--public-key', pem);
    expect(code).toBe(1);
    expect(out).toContain(`the public key is that of ${pem}`);
    expect(out).toContain('head-changed');
  });

  test('holds the chain against a head that was kept: then its end cannot be cut off', async () => {
    const kept = path.join(newFolder(), 'head.json');
    writeFileSync(kept, heads[2]!);
    const cut = ALL.filter(({ key }) => !key.includes('00000003'));
    expect((await sluice('audit', '--folder', folderWith(cut))).code).toBe(0);
    const { code, out } = await sluice('audit', '--folder', folderWith(cut), '--known-head', kept);
    expect(code).toBe(1);
    expect(out).toContain('known-head-gone');
    expect((await sluice('audit', '--folder', folderWith(), '--known-head', kept)).code).toBe(0);
  });

  test.each([
    [['audit', '--folder', '/nowhere'], 'there is no such folder'],
    [['audit', 'r9', '--folder', 'FOLDER'], 'there is no release r9'],
    [['audit', 'r2-0a1b2c3e', '--folder', 'FOLDER'], 'r2-0a1b2c3d'],
    [['audit', 'k1.cr1.a.aaaaaaaaaaa.b.c', '--folder', 'FOLDER'], 'which a folder does not hold'],
    [['audit', '--folder', 'FOLDER', '--bucket', 'b'], '--folder goes without --bucket'],
    [['audit', '--folder', 'FOLDER', '--json', '--markdown'], 'exclude each other'],
    [['audit', '--folder', 'FOLDER', '--known-head', 'KEY'], 'is no head'],
    [['audit', '--folder', 'FOLDER', '--public-key', 'HEAD'], 'is no public key'],
    [['audit', '--folder', 'FOLDER', '--public-key', '/nowhere'], 'no such file'],
    [['audit', '--outputs', '/nowhere'], 'there is no such file'],
  ])('%j is bad input', async (args, message) => {
    const folder = folderWith();
    const names: Record<string, string> = {
      FOLDER: folder,
      KEY: path.join(folder, publicKeyKey(KEY_ARN)),
      HEAD: path.join(folder, headKey(1)),
    };
    const { code, err } = await sluice(...args.map((one) => names[one] ?? one));
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('an empty folder is no evidence', async () => {
    const { code, err } = await sluice('audit', '--folder', newFolder());
    expect(code).toBe(2);
    expect(err).toContain('aws s3 sync');
  });
});

describe('sluice audit of what is deployed', () => {
  const PLACE = ['--bucket', 'evidence', '--key', KEY_ARN, '--table', 'ledger'];
  const UNIT = 'aaaaaaaaaaa';
  const DECISION = `k1.cr2-0a1b2c3d.abc.${UNIT}.nonce1.mac`;
  const TIP = { sequence: 3, sha256: sealed(bundles[2]!).sha256 };

  interface Deployed {
    objects?: StoredObject[];
    again?: string;
    marker?: string;
    items?: Record<string, object>;
    pem?: string;
    /** Tips that are read one after the other. */
    tips?: object[];
  }

  function deployed({ objects: given = ALL, again, marker, items = {}, pem = OURS.pem, tips = [TIP] }: Deployed): AuditClients {
    const byKey = new Map(given.map((one) => [one.key, one]));
    const reads = [...tips];
    const answers: Record<string, (input: Record<string, string>) => unknown> = {
      ListObjectVersionsCommand: ({ KeyMarker }) => {
        const keys = [...byKey.keys()].sort();
        // Two pages.
        const page = KeyMarker === undefined ? keys.slice(0, 2) : keys.slice(2);
        return {
          Versions: page.flatMap((Key) => [
            ...(Key === again ? [{ Key, VersionId: 'v2', LastModified: new Date(NOW) }] : []),
            { Key, VersionId: 'v1', LastModified: new Date('2026-03-03T09:00:00Z') },
          ]),
          DeleteMarkers: page.filter((Key) => Key === marker).map((Key) => ({ Key, IsLatest: true })),
          IsTruncated: KeyMarker === undefined,
          NextKeyMarker: 'next',
        };
      },
      GetObjectCommand: ({ Key, VersionId }) => ({
        Body: { transformToByteArray: async () => (VersionId === 'v1' ? byKey.get(Key!)!.bytes : new Uint8Array()) },
      }),
      GetPublicKeyCommand: () => ({ PublicKey: createPublicKey(pem).export({ format: 'der', type: 'spki' }) }),
    };
    const client = {
      send: async (command: { constructor: { name: string }; input: Record<string, string> }) =>
        answers[command.constructor.name]!(command.input),
    } as unknown as AuditClients['s3'] & AuditClients['kms'];
    const ended = bundles.map(({ releaseId }) => [`releases|${releaseId}`, { id: releaseId, status: 'promoted', endedAt: NOW }] as const);
    const stand: Record<string, object> = { ...Object.fromEntries(ended), ...items };
    return {
      s3: client,
      kms: client,
      ledger: {
        get: async <T>({ pk, sk }: LedgerKey) =>
          (pk === ledgerKeys.evidenceChain().pk ? (reads.length > 1 ? reads.shift() : reads[0]) : stand[`${pk}|${sk}`]) as T | undefined,
        query: async <T>(pk: string) =>
          Object.entries(stand)
            .filter(([key]) => key.startsWith(`${pk}|`))
            .map(([key, item]) => ({ ...item, pk, sk: key.slice(pk.length + 1) }) as T & LedgerKey),
      },
    };
  }

  async function audit(given: Deployed, ...args: string[]): Promise<{ code: number; out: string }> {
    const io = captured();
    const code = await run(
      [...args, ...PLACE],
      io,
      async () => deployed(given),
      () => Date.parse(NOW),
    );
    return { code, out: io.out() };
  }

  test('holds the bucket against the key in KMS and the chain in the ledger', async () => {
    const { code, out } = await audit({});
    expect(code).toBe(0);
    expect(out).toContain('the public key is the one that KMS gives');
  });

  test('finds what was signed by a key that is not the one in KMS', async () => {
    const { code, out } = await audit({ pem: signer().pem });
    expect(code).toBe(1);
    expect(out).toContain('head-changed');
  });

  test('finds that the end of the chain is missing, and releases without a bundle', async () => {
    const { code, out } = await audit({ objects: ALL.filter(({ key }) => !key.includes('00000003')) });
    expect(code).toBe(1);
    expect(out).toContain('bundle-missing');
    expect(out).toContain('release r3-0a1b2c3d ended as promoted and has no bundle');
  });

  test('finds objects that were written again or deleted, and reads what was there first', async () => {
    const again = await audit({ again: SECOND });
    expect(again.code).toBe(1);
    expect(again.out).toContain(`replaced  ${SECOND}`);
    expect(again.out).not.toContain('bundle-changed');
    expect((await audit({ marker: SECOND })).out).toContain(`deleted  ${SECOND}`);
  });

  test('reads again when a release ends meanwhile', async () => {
    const before = { sequence: 2, sha256: sealed(bundles[1]!).sha256 };
    expect((await audit({ tips: [before, TIP] })).code).toBe(0);
    await expect(audit({ tips: [before, TIP, before, TIP, before, TIP, before] })).rejects.toThrow('try again in a minute');
  });

  test('says of a release in progress that it has no bundle yet', async () => {
    const items = { 'releases|r4-00000000': { id: 'r4-00000000', status: 'in-progress' } };
    const { code, out } = await audit({ items }, 'r4-00000000');
    expect(code).toBe(0);
    expect(out).toContain('r4-00000000 has not ended (in-progress)');
  });

  const kept = {
    decisionId: DECISION,
    arm: 'candidate',
    servedRelease: 'r2-0a1b2c3d',
    fallback: false,
    failed: false,
    decidedAt: NOW,
    latencyMillis: 42,
    controlVersion: 7,
    requestHash: 'a'.repeat(64),
    responseHash: 'b'.repeat(64),
  };

  test.each([
    ['the first of its unit', { [`exposure#r2-0a1b2c3d#${UNIT}|exposure`]: { decision: kept } }],
    ['a further one', { [`decision#${DECISION}|decision`]: { ...kept, kind: 'decision', expiresAt: 1 } }],
  ])('tells the lineage of a decision, %s, up to the bundle of its release', async (_, decision) => {
    const outcome = { value: true, observedAt: NOW, eventId: 'e1' };
    const items = {
      ...decision,
      [`outcome#r2-0a1b2c3d#${UNIT}|missed-spam`]: outcome,
      [`outcome#r2-0a1b2c3d#${UNIT}|missed-spam#0#e0`]: outcome,
    };
    const { code, out } = await audit({ items }, DECISION);
    expect(code).toBe(0);
    for (const text of ['Decision\n', 'version 7', 'a'.repeat(64), 'missed-spam  true', 'arn:anna', SECOND]) expect(out).toContain(text);
    expect(out).not.toContain('missed-spam#0');
    expect((await audit({ items }, DECISION, '--markdown')).out).toContain('# Audit of decision k1.cr2');
    const { out: json } = await audit({ items }, DECISION, '--json');
    expect(JSON.parse(json)).toMatchObject({ decision: { servedRelease: 'r2-0a1b2c3d', outcomes: [{ kpi: 'missed-spam' }] } });
  });

  test('says what stands behind an answer of the baseline', async () => {
    const items = { [`exposure#r2-0a1b2c3d#${UNIT}|exposure`]: { decision: { ...kept, servedRelease: 'baseline', fallback: true } } };
    const { out } = await audit({ items }, DECISION);
    expect(out).toContain('but the baseline answered');
    expect(out).toContain('no release stands behind it');
  });

  test('refuses a decision that the ledger does not have, and what is no id', async () => {
    await expect(audit({}, DECISION)).rejects.toThrow('the ledger has no decision');
    await expect(audit({}, 'a.b')).rejects.toThrow('neither a release id nor a decision id');
  });
});
