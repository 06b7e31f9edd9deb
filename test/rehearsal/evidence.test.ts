import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { App, CfnOutput, Stack as CdkStack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { FEATURE_FLAGS } from '../../bin/context';
import { run as audit } from '../../bin/commands/audit';
import { ledgerKeys, type EvidenceBundle } from '../../core/contracts';
import { bundleKey, headKey, sealed } from '../../core/evidence';
import { EvidenceSeal, EvidenceStore, Ledger, ModelCard, RiskClass } from '../../lib';
import { createHandler } from '../../lib/shared/handler-function';
import { Ledger as LedgerTable } from '../../lambdas/shared/ledger';
import { CustomResources } from '../../rehearsal/assembly/custom-resource';
import { type AssemblyStack, loadAssembly } from '../../rehearsal/assembly/load';
import { Stack } from '../../rehearsal/assembly/stack';
import type { Caller, Members } from '../../rehearsal/cloud/types';
import { createDoubles, resourceTypes } from '../../rehearsal/services';
import type { SageMaker } from '../../rehearsal/services/sagemaker';
import { captured } from '../bin/capture';
import { bundleOf } from '../core/evidence/chain';
import { createTestCloud, sdkClient, startMillis, type TestCloud } from './support/harness';

jest.setTimeout(60_000);

/** Evidence as a use case has it: with a writer, an auditor, and an administrator who may do anything. */
function synthesized(encrypted: boolean): AssemblyStack {
  delete process.env['SLUICE_TEST_HANDLER_BUNDLES'];
  const app = new App({ context: FEATURE_FLAGS, outdir: mkdtempSync(path.join(tmpdir(), 'sluice-evidence-')) });
  const stack = new CdkStack(app, 'evidence');
  const encryptionKey = encrypted ? new kms.Key(stack, 'Encryption') : undefined;
  const ledger = new Ledger(stack, 'Ledger');
  const store = new EvidenceStore(stack, 'Evidence', { encryptionKey });
  const common = { useCaseName: 'support-triage', store, encryptionKey };
  const seal = new EvidenceSeal(stack, 'Seal', common);
  const card = new ModelCard(stack, 'Card', {
    ...common,
    problem: 'Spam.',
    users: 'agents',
    hypothesis: 'Less spam.',
    reviewBy: '2027-03-31',
    risk: RiskClass.HIGH,
    personalData: false,
    dataSources: ['mail'],
    owners: { process: ['arn:aws:iam::111122223333:role/Lead'] },
  });
  const writer = createHandler(stack, 'Writer', { handler: 'release-step', description: 'writes', useCaseName: 'support-triage' });
  store._writtenBy(writer, 'bundles/', 'looks/');
  encryptionKey?.grantEncryptDecrypt(writer);
  const [auditor, administrator] = ['Auditor', 'Administrator'].map(
    (id) => new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() }),
  );
  administrator!.addToPolicy(new iam.PolicyStatement({ actions: ['*'], resources: ['*'] }));
  store.grantRead(auditor!);
  seal.grantVerify(auditor!);
  ledger.table.grantReadData(auditor!);
  const outputs = {
    Writer: writer.role!.roleArn,
    Sealer: (seal.handler as typeof writer).role!.roleArn,
    Auditor: auditor!.roleArn,
    Administrator: administrator!.roleArn,
    Bucket: store.bucket.bucketName,
    Key: seal.key.keyArn,
    Table: ledger.table.tableName,
    Card: card.cardName,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value }).overrideLogicalId(name);
  return loadAssembly(app.synth().directory)[0]!;
}

type Person = 'Writer' | 'Sealer' | 'Auditor' | 'Administrator';

class Laptop {
  private readonly test: TestCloud = createTestCloud((cloud) => createDoubles(cloud));
  private readonly stack: Stack;
  private readonly bundles: EvidenceBundle[] = [];

  private constructor(assembled: AssemblyStack) {
    this.stack = new Stack(this.cloud, assembled.name, resourceTypes, new CustomResources(this.cloud));
  }

  static async deployed(assembled: AssemblyStack): Promise<Laptop> {
    const laptop = new Laptop(assembled);
    await laptop.test.run(() => laptop.stack.deploy(assembled));
    return laptop;
  }

  get cloud() {
    return this.test.cloud;
  }

  output(name: string): string {
    return this.stack.outputs[name] ?? '';
  }

  as(person: Person, service: string, operation: string, input: Members): Promise<Members> {
    const caller: Caller = { kind: 'role', roleArn: this.output(person) };
    return this.test.run(() => this.cloud.call(service, operation, input, caller));
  }

  put(person: Person, key: string, text: string): Promise<Members> {
    return this.as(person, 's3', 'PutObject', { Bucket: this.output('Bucket'), Key: key, Body: Buffer.from(text, 'utf8') });
  }

  /** A release ends; a minute passes. */
  async end(more: Partial<EvidenceBundle> = {}): Promise<EvidenceBundle> {
    const bundle = bundleOf(this.bundles.length + 1, this.bundles.at(-1), more);
    this.bundles.push(bundle);
    const { releaseId, sequence, outcome, endedAt } = bundle;
    const { text, sha256 } = sealed(bundle);
    await this.ledger().put(ledgerKeys.evidenceChain(), { sequence, sha256, releaseId });
    await this.ledger().put(ledgerKeys.release(releaseId), { id: releaseId, status: outcome, endedAt });
    await this.put('Writer', bundleKey(sequence, releaseId), text);
    await this.test.run(() => this.cloud.clock.sleep(60_000));
    return bundle;
  }

  /** The command as the auditor runs it. */
  async audit(...args: string[]): Promise<{ code: number; out: string }> {
    const io = captured();
    const place = ['--bucket', this.output('Bucket'), '--key', this.output('Key'), '--table', this.output('Table')];
    const role = this.output('Auditor');
    const clients = {
      s3: sdkClient(this.cloud, S3Client, role),
      kms: sdkClient(this.cloud, KMSClient, role),
      ledger: new LedgerTable(sdkClient(this.cloud, DynamoDBClient, role), this.output('Table')),
    };
    const code = await this.test.run(() =>
      audit(
        [...args, ...place],
        io,
        async () => clients,
        () => this.cloud.clock.now(),
      ),
    );
    return { code, out: io.out() };
  }

  private ledger(): LedgerTable {
    const table = new LedgerTable(sdkClient(this.cloud, DynamoDBClient), this.output('Table'));
    return { put: (key: never, item: object) => this.test.run(() => table.put(key, item)) } as unknown as LedgerTable;
  }
}

const denied = { code: expect.stringMatching(/AccessDenied/) as string };
const SIGN = { Message: Buffer.from('forged'), MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' };

describe.each([
  ['without an encryption key', false],
  ['with an encryption key', true],
])('evidence %s', (_, encrypted) => {
  let laptop: Laptop;
  let second: EvidenceBundle;

  beforeAll(async () => {
    laptop = await Laptop.deployed(synthesized(encrypted));
    await laptop.end();
    second = await laptop.end();
  });

  test('is signed within a minute of its writing, and verified from AWS by whoever may read it', async () => {
    const { code, out } = await laptop.audit();
    expect(out).toContain('2 bundles, verified');
    expect(code).toBe(0);
    expect((await laptop.audit(second.releaseId)).out).toContain('arn:anna');
  });

  test('fills the model card', async () => {
    const { Content } = laptop.cloud
      .double<SageMaker>('sagemaker')
      .operations['DescribeModelCard']!.run({ ModelCardName: laptop.output('Card') }, { cloud: laptop.cloud } as never) as Members;
    expect(JSON.parse(Content as string)).toMatchObject({
      intended_uses: { risk_rating: 'High' },
      additional_information: { custom_details: { 'sluice release': second.releaseId } },
    });
  });

  test.each(['Writer', 'Auditor', 'Administrator'] as const)('is not signed by %s, whatever their own policies allow', async (person) => {
    await expect(laptop.as(person, 'kms', 'Sign', { ...SIGN, KeyId: laptop.output('Key') })).rejects.toMatchObject(denied);
  });

  test('is written by its writers alone', async () => {
    await expect(laptop.put('Writer', headKey(3), '{}')).rejects.toMatchObject(denied);
    await expect(laptop.put('Sealer', bundleKey(3, 'r3'), '{}')).rejects.toMatchObject(denied);
    for (const key of [headKey(2), bundleKey(2, second.releaseId), 'looks/x.jsonl', 'keys/x.pem'])
      await expect(laptop.put('Administrator', key, '{}')).rejects.toMatchObject(denied);
  });

  test('is not deleted before its time', async () => {
    const Bucket = laptop.output('Bucket');
    const Key = bundleKey(1, 'r1-0a1b2c3d');
    const { Versions } = await laptop.as('Administrator', 's3', 'ListObjectVersions', { Bucket, Prefix: Key });
    const { VersionId } = (Versions as Members[])[0]!;
    await expect(laptop.as('Administrator', 's3', 'DeleteObject', { Bucket, Key, VersionId })).rejects.toMatchObject(denied);
  });

  test('is hidden by a delete marker at most, which the audit tells', async () => {
    await laptop.as('Administrator', 's3', 'DeleteObject', { Bucket: laptop.output('Bucket'), Key: headKey(1) });
    const { code, out } = await laptop.audit();
    expect(code).toBe(1);
    expect(out).toContain(`deleted  ${headKey(1)}`);
  });
});

test('a bundle that a writer changed is found, also with everything after it', async () => {
  const laptop = await Laptop.deployed(synthesized(false));
  const first = await laptop.end();
  await laptop.end();
  const forged = { ...first, requestedBy: 'arn:forged' };
  await laptop.put('Writer', bundleKey(1, first.releaseId), sealed(forged).text);
  await laptop.put('Writer', bundleKey(2, 'r2-0a1b2c3d'), sealed(bundleOf(2, forged)).text);
  const { code, out } = await laptop.audit();
  expect(code).toBe(1);
  expect(out).toContain(`replaced  ${bundleKey(1, first.releaseId)}`);
  expect(out).toContain(`replaced  ${bundleKey(2, 'r2-0a1b2c3d')}`);
  expect(laptop.cloud.clock.now()).toBeGreaterThan(startMillis);
});
