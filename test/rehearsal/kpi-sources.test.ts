import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { App, CfnOutput, Stack as CdkStack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { run } from '../../bin/commands/kpi';
import { storeOver } from '../../bin/commands/kpi/store';
import { FEATURE_FLAGS } from '../../bin/context';
import { makeDecisionId, parseKeyring, unitKeyOf, type Keyring } from '../../core/decision-id';
import { batchesOf } from '../../core/observation';
import { type KpiPolicy, Ledger, ObservationIntake } from '../../lib';
import { KpiQueue } from '../../lambdas/shared/kpi-queue';
import { Ledger as LedgerTable } from '../../lambdas/shared/ledger';
import { CustomResources } from '../../rehearsal/assembly/custom-resource';
import { loadAssembly, type AssemblyStack } from '../../rehearsal/assembly/load';
import { Stack } from '../../rehearsal/assembly/stack';
import type { Caller, Members } from '../../rehearsal/cloud/types';
import { createDoubles, resourceTypes } from '../../rehearsal/services';
import { captured } from '../bin/capture';
import { createTestCloud, sdkClient, startMillis, type TestCloud } from './support/harness';

jest.setTimeout(60_000);

const RELEASE = 'r1-aaaaaaaa';
const MINUTE = 60_000;
const KPIS = [
  { name: 'missed-spam', type: 'binary', better: 'lower', unit: 'case', role: 'goal', windowMinutes: 60 },
] as unknown as KpiPolicy[];

/** An intake with every source, a producer with every grant, and a stranger with none. */
function synthesized(encrypted: boolean): AssemblyStack {
  delete process.env['SLUICE_TEST_HANDLER_BUNDLES'];
  const app = new App({ context: FEATURE_FLAGS, outdir: mkdtempSync(path.join(tmpdir(), 'sluice-sources-')) });
  const stack = new CdkStack(app, 'sources');
  const encryptionKey = encrypted ? new kms.Key(stack, 'Key') : undefined;
  const ledger = new Ledger(stack, 'Ledger', { encryptionKey });
  const keyring = new secretsmanager.Secret(stack, 'Keyring', {
    encryptionKey,
    generateSecretString: {
      secretStringTemplate: '{"current":"k1"}',
      generateStringKey: 'k1',
      passwordLength: 64,
      excludePunctuation: true,
    },
  });
  const common = { useCaseName: 'toy', ledger, keyring, kpis: KPIS, encryptionKey };
  const intake = new ObservationIntake(stack, 'Intake', { ...common, kpiHttp: true, kpiFiles: true, counterShards: 2 });
  const [producer, stranger] = ['Producer', 'Stranger'].map((id) => new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() }));
  intake.grantPostKpis(producer!);
  intake.grantDropKpiFiles(producer!);
  intake.grantSendObservations(producer!);
  const outputs = {
    Producer: producer!.roleArn,
    Stranger: stranger!.roleArn,
    Url: intake.kpiUrl ?? '',
    Bucket: intake.kpiFileBucket?.bucketName ?? '',
    Queue: intake.queue.queueUrl,
    Table: ledger.table.tableName,
    Secret: keyring.secretArn,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value }).overrideLogicalId(name);
  const [assembled] = loadAssembly(app.synth().directory);
  return assembled!;
}

const world: Caller = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/test' };

class Laptop {
  private readonly test: TestCloud;
  private readonly stack: Stack;
  private keyring: Keyring | undefined;

  constructor(private readonly assembled: AssemblyStack) {
    this.test = createTestCloud((cloud) => createDoubles(cloud));
    this.stack = new Stack(this.cloud, assembled.name, resourceTypes, new CustomResources(this.cloud));
  }

  get cloud() {
    return this.test.cloud;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.test.run(work);
  }

  async deploy(): Promise<void> {
    await this.stack.deploy(this.assembled);
    const { SecretString } = await this.cloud.call('secrets-manager', 'GetSecretValue', { SecretId: this.output('Secret') }, world);
    this.keyring = parseKeyring(SecretString as string);
  }

  output(name: string): string {
    return this.stack.outputs[name] ?? '';
  }

  as(name: 'Producer' | 'Stranger'): Caller {
    return { kind: 'role', roleArn: this.output(name) };
  }

  /** An outcome of a unit of its own. */
  event(name: string, value: unknown = 1): Record<string, unknown> {
    const keyring = this.keyring!;
    const unitKey = unitKeyOf(keyring, 'toy', name);
    const decisionId = makeDecisionId({ keyring, arm: 'candidate', releaseId: RELEASE, exposureMillis: startMillis, unitKey, nonce: name });
    const observedAt = new Date(startMillis + MINUTE).toISOString();
    return { schema: 'sluice.kpi/v1', useCase: 'toy', eventId: name, kpi: 'missed-spam', decisionId, value, observedAt };
  }

  async post(body: unknown, by: 'Producer' | 'Stranger' = 'Producer'): Promise<{ status: number; body: Members }> {
    const { accessKeyId } = this.cloud.credentials.issue(this.as(by));
    const answer = await this.cloud.answerHttp({
      method: 'POST',
      url: this.output('Url'),
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/x`, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    });
    return { status: answer.status, body: JSON.parse(Buffer.from(answer.body).toString()) as Members };
  }

  drop(Key: string, content: string | Uint8Array, by: 'Producer' | 'Stranger' = 'Producer'): Promise<Members> {
    return this.cloud.call('s3', 'PutObject', { Bucket: this.output('Bucket'), Key, Body: Buffer.from(content) }, this.as(by));
  }

  /** The command, over the same table and queue. */
  async kpi(...args: string[]): Promise<string> {
    const io = captured();
    const ledger = new LedgerTable(sdkClient(this.cloud, DynamoDBClient), this.output('Table'));
    const store = storeOver(ledger, new KpiQueue(sdkClient(this.cloud, SQSClient), this.output('Queue')));
    const until = new Date(this.cloud.clock.now() + MINUTE).toISOString();
    const code = await run(
      [...args, '--table', 'ledger', '--since', new Date(startMillis).toISOString(), '--until', until],
      io,
      undefined,
      () => Promise.resolve(store),
    );
    expect(code).toBe(0);
    return io.out();
  }

  async result(key: string): Promise<Members> {
    const { Body } = await this.cloud.call('s3', 'GetObject', { Bucket: this.output('Bucket'), Key: `${key}.result.json` }, world);
    return JSON.parse(Buffer.from(Body as Uint8Array).toString()) as Members;
  }

  items(pk: string): Promise<Members[]> {
    const input = { TableName: this.output('Table'), KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
    return this.cloud.call('dynamodb', 'Query', input, world).then(({ Items }) => Items as Members[]);
  }

  /** Units and outcomes of the candidate, over all shards and minutes. */
  async counted(): Promise<{ n: number; x: number }> {
    const items = (await Promise.all([0, 1].map((shard) => this.items(`counters#${RELEASE}#${shard}`)))).flat();
    const sum = (field: string): number =>
      items.reduce((total, item) => total + Number((item[`missed-spam|candidate|${field}`] as { N?: string } | undefined)?.N ?? 0), 0);
    return { n: sum('n'), x: sum('x') };
  }
}

const parquetOf = (events: Record<string, unknown>[]): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: Object.keys(events[0]!).map((name) => ({
        name,
        data: events.map((event) => event[name]),
        type: name === 'value' ? 'INT32' : 'STRING',
      })),
    }),
  );

const csvOf = (events: Record<string, unknown>[]): string =>
  [Object.keys(events[0]!).join(','), ...events.map((event) => Object.values(event).join(','))].join('\n');

describe.each([
  ['keys managed by AWS', false],
  ["the use case's own key", true],
])('with %s', (_, encrypted) => {
  test('an HTTP batch, a dropped file and a message end in the counters, each event once', async () => {
    const laptop = new Laptop(synthesized(encrypted));
    await laptop.run(async () => {
      await laptop.deploy();
      const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (__, index) => `${prefix}${index}`);
      const posted = names('http', 400).map((name, index) => laptop.event(name, index % 2));
      const inFile = names('file', 3_000).map((name, index) => laptop.event(name, index % 3 === 0));

      expect(await laptop.post({ events: [...posted, laptop.event('bad', 7), laptop.event('worse', 'x')] })).toMatchObject({
        status: 202,
        body: { accepted: 401, refused: 1 },
      });
      // The same batch again, after a time-out, say.
      expect(await laptop.post(posted)).toMatchObject({ status: 202 });
      const text = `${csvOf(inFile)}\nnonsense`;
      await laptop.drop('daily/2026-03-02.csv', text);
      const [body] = batchesOf([laptop.event('direct')], 65_536);
      await laptop.cloud.call('sqs', 'SendMessage', { QueueUrl: laptop.output('Queue'), MessageBody: body }, laptop.as('Producer'));
      await laptop.cloud.clock.sleep(20 * MINUTE);

      expect(await laptop.counted()).toEqual({ n: 3_401, x: 200 + 1_000 + 1 });
      expect(await laptop.result('daily/2026-03-02.csv')).toMatchObject({ rows: 3_001, sent: 3_000, rejected: 1 });
      await laptop.drop('daily/2026-03-02.csv', text);
      await laptop.cloud.clock.sleep(20 * MINUTE);
      expect(await laptop.counted()).toEqual({ n: 3_401, x: 200 + 1_000 + 1 });
      const rejected = await laptop.items(`rejected#${new Date(startMillis).toISOString().slice(0, 13)}`);
      expect(rejected.map(({ reason }) => (reason as { S: string }).S).sort()).toEqual(['bad-value', 'bad-value', 'malformed']);
      const fromFile = rejected.find(({ reason }) => (reason as { S: string }).S === 'malformed');
      expect((fromFile!['detail'] as { S: string }).S).toMatch(/\/daily\/2026-03-02\.csv line 3002: fields: 1 in the row, 7 in the header/);
    });
    expect(laptop.cloud.iam.report().denied).toEqual([]);
  });
});

test('a poisoned file is read to its end in chunks, keeps its first bad rows, and uses every grant', async () => {
  const laptop = new Laptop(synthesized(false));
  await laptop.run(async () => {
    await laptop.deploy();
    await laptop.post([laptop.event('over-http')]);
    await laptop.drop('bad.jsonl', `${'garbage\n'.repeat(100_100)}${JSON.stringify(laptop.event('at-last'))}`);
    await laptop.cloud.clock.sleep(20 * MINUTE);
    expect(await laptop.counted()).toEqual({ n: 2, x: 2 });
    expect(await laptop.result('bad.jsonl')).toMatchObject({ rows: 100_101, sent: 1, rejected: 100_100 });
    const rejected = await laptop.items(`rejected#${new Date(startMillis).toISOString().slice(0, 13)}`);
    expect(rejected).toHaveLength(1_000);
  });
  const { denied, unused } = laptop.cloud.iam.report();
  expect(denied).toEqual([]);
  const ofSources = unused.filter(({ role }) => /KpiHttp|KpiFiles/.test(role));
  // The CDK grants these to every reader of a queue; Lambda's own poller does without.
  expect(ofSources.map(({ action }) => action).sort()).toEqual(['sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl']);
});

test('a file that arrives after the window is late, unless it is dropped as a back-fill', async () => {
  const laptop = new Laptop(synthesized(false));
  await laptop.run(async () => {
    await laptop.deploy();
    await laptop.cloud.clock.sleep(26 * 60 * MINUTE);
    const text = [laptop.event('a'), laptop.event('b')].map((event) => JSON.stringify(event)).join('\n');
    await laptop.drop('late.jsonl', text);
    await laptop.cloud.clock.sleep(10 * MINUTE);
    expect(await laptop.counted()).toEqual({ n: 0, x: 0 });
    await laptop.drop('backfill/late.jsonl', text);
    await laptop.drop('backfill/late.csv.gz', gzipSync(csvOf([laptop.event('c')])));
    await laptop.drop('backfill/late.parquet', parquetOf([laptop.event('d')]));
    await laptop.cloud.clock.sleep(10 * MINUTE);
    expect(await laptop.counted()).toEqual({ n: 4, x: 4 });
  });
});

test('late events are listed and replayed, once', async () => {
  const laptop = new Laptop(synthesized(false));
  await laptop.run(async () => {
    await laptop.deploy();
    await laptop.cloud.clock.sleep(26 * 60 * MINUTE);
    await laptop.post([laptop.event('a'), laptop.event('b')]);
    await laptop.cloud.clock.sleep(10 * MINUTE);
    expect(await laptop.kpi('rejected')).toMatch(/^2 KPI events were rejected[^]*late: 2 – missed-spam 2/);
    expect(await laptop.kpi('replay', '--queue', laptop.output('Queue'))).toMatch(/^sent 2 events again: late 2/);
    await laptop.cloud.clock.sleep(10 * MINUTE);
    expect(await laptop.counted()).toEqual({ n: 2, x: 2 });
    expect(await laptop.kpi('replay', '--queue', laptop.output('Queue'))).toMatch(/sent again before: 2/);
  });
});

test('whoever has no grant is refused, at every door', async () => {
  const laptop = new Laptop(synthesized(false));
  await laptop.run(async () => {
    await laptop.deploy();
    expect(await laptop.post([laptop.event('a')], 'Stranger')).toMatchObject({ status: 403 });
    await expect(laptop.drop('a.jsonl', JSON.stringify(laptop.event('a')), 'Stranger')).rejects.toMatchObject({ code: 'AccessDenied' });
    const message = { QueueUrl: laptop.output('Queue'), MessageBody: JSON.stringify(laptop.event('a')) };
    await expect(laptop.cloud.call('sqs', 'SendMessage', message, laptop.as('Stranger'))).rejects.toMatchObject({ code: 'AccessDenied' });
    await laptop.cloud.clock.sleep(10 * MINUTE);
    expect(await laptop.counted()).toEqual({ n: 0, x: 0 });
  });
});

test.each(['s3:GetObjectVersion', 's3:PutObject', 'sqs:SendMessage'])('a reader without %s is noticed', async (action) => {
  const assembled = synthesized(false);
  for (const [id, { Type, Properties }] of Object.entries(assembled.template.Resources)) {
    if (Type !== 'AWS::IAM::Policy' || !/KpiFilesHandlerRole/.test(id)) continue;
    const document = (Properties as Members)['PolicyDocument'] as { Statement: { Action: string | string[] }[] };
    document.Statement = document.Statement.map((statement) => ({ ...statement, Action: [statement.Action].flat() }))
      .map((statement) => ({ ...statement, Action: statement.Action.filter((one) => one !== action) }))
      .filter(({ Action }) => Action.length > 0);
  }
  const laptop = new Laptop(assembled);
  await laptop.run(async () => {
    await laptop.deploy();
    await laptop.drop('a.jsonl', JSON.stringify(laptop.event('a')));
    await laptop.cloud.clock.sleep(5 * MINUTE);
  });
  expect(laptop.cloud.iam.report().denied.map((denial) => denial.action)).toContain(action);
});
