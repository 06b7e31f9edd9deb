import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import type { SageMaker } from '../../../rehearsal/services/sagemaker';
import { ledgerKeys } from '../../../core/contracts/ledger-keys';
import { DoublesServer, MODEL_ANSWER } from '../launcher/doubles';
import { inventory, lambda, s3, sfn, sns } from './support/account';
import { ACCOUNT, REGION, bootstrap, deploy, destroy, synth, type Assembly, type StackOutputs } from './support/cdk';
import { counted, inLedger, ledgerItems, type Item } from './support/ledger';
import { resourceOf, stackResources, stackStatus } from './support/stack';
import { danglingVariables, functions } from './support/wiring';
import { approve, changedCharter, drained, postToUrl, putKpiEvents } from './support/use-case';

const EXAMPLE = 'examples/support-triage';
const MODEL_LEAD = 'arn:aws:iam::111122223333:role/MlLead';

const doubles = new DoublesServer({ accountId: ACCOUNT, region: REGION });
let before: string[];
let assembly: Assembly;
let outputs: StackOutputs;
let releaseId: string;
let decisionId: string;
const answered = { candidate: 0, baseline: 0 };

const ledger = (): Promise<Item[]> => ledgerItems(String(outputs['LedgerTableName']));
const waitFor = (what: string, wanted: (item: Item) => boolean, withinSeconds?: number): Promise<Item> =>
  inLedger(String(outputs['LedgerTableName']), what, wanted, withinSeconds);
const idOf = (type: string, logicalId: string): Promise<string> => resourceOf(assembly.stackName, type, logicalId);
const executions = async (): Promise<string[]> => {
  const { executions: all = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: await idOf('AWS::StepFunctions::StateMachine', 'SupportTriageReleaseWorkflow') }),
  );
  return all.map(({ name, status }) => `${String(name)} ${String(status)}`);
};

beforeAll(async () => {
  await doubles.listen(Number(new URL(process.env['SLUICE_DOUBLES'] ?? '').port));
  await bootstrap();
  before = await inventory();
});

afterAll(() => doubles.close());

describe('cdk deploy', () => {
  test('makes every resource of the template, and all outputs', async () => {
    assembly = await synth(EXAMPLE, '-c', 'profile=cpu');
    const deployed = await deploy(assembly);
    outputs = deployed.outputs;
    const made = await stackResources(assembly.stackName);
    expect(made.map(({ logicalId }) => logicalId).sort()).toEqual(Object.keys(assembly.template.Resources).sort());
    expect(made.filter(({ status }) => status !== 'CREATE_COMPLETE')).toEqual([]);
    expect(Object.keys(outputs).sort()).toEqual(
      [
        'ApprovalUrl',
        'ControlUrl',
        'DashboardName',
        'EventBusName',
        'EvidenceBucketName',
        'EvidenceKeyArn',
        'GatewayUrl',
        'LedgerTableName',
        'ModelCardName',
        'ObservationQueueUrl',
        'ReleaseUrl',
      ].sort(),
    );
  });

  test('wires every handler to the ledger, and to nothing that is not there', async () => {
    expect(await danglingVariables()).toEqual([]);
    const all = await functions();
    expect(all).toHaveLength(12);
    const writers = all.filter(({ Environment }) => Environment?.Variables?.['LEDGER_TABLE'] === outputs['LedgerTableName']);
    expect(writers.length).toBeGreaterThanOrEqual(9);
  });

  test('begins the first release: the model stands on its endpoint and asks for approval', async () => {
    const approval = await waitFor('approval that is asked for', ({ pk, sk }) => pk.startsWith('approval#') && sk === 'release');
    releaseId = String(approval['releaseId']);
    expect(approval).toMatchObject({ requiredRoles: ['quality'], requestedBy: 'deploy' });
    const { endpoints, models } = doubles.cloud.double<SageMaker>('sagemaker').liveResources();
    expect([endpoints, models].map(({ length }) => length)).toEqual([1, 1]);
    // What the endpoint runs is what the command line uploaded.
    const release = (await ledger()).find(({ pk, sk }) => pk === 'releases' && sk === releaseId);
    const { artefactUrl } = (release?.['spec'] as { model: { artefactUrl: string } }).model;
    const { host: Bucket, pathname } = new URL(artefactUrl);
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: pathname.slice(1) }))).resolves.toMatchObject({
      $metadata: { httpStatusCode: 200 },
    });
  });

  test('deploys nothing when asked again, by its own comparison and by a change set', async () => {
    const resources = await stackResources(assembly.stackName);
    const asBefore = await executions();
    const again = await synth(EXAMPLE, '-c', 'profile=cpu');
    expect((await deploy(again)).output).toContain(`${assembly.stackName} (no changes)`);
    expect((await deploy(again, '--force')).output).toContain(`${assembly.stackName} (no changes)`);
    expect(await stackResources(assembly.stackName)).toEqual(resources);
    expect(await executions()).toEqual(asBefore);
  });
});

describe('the release under way', () => {
  test('is refused to whoever is not an owner, and goes on when the owner approves', async () => {
    const approvals = await idOf('AWS::Lambda::Function', 'SupportTriageReleaseApproval');
    expect((await approve(approvals, releaseId, 'arn:aws:iam::111122223333:role/Somebody')).statusCode).toBe(403);
    expect((await approve(approvals, releaseId, MODEL_LEAD)).statusCode).toBe(200);
    const step = await waitFor('open step', ({ pk }) => pk === ledgerKeys.step().pk);
    expect(step).toMatchObject({ releaseId, index: 0, weight: 0.05 });
  });

  test('answers through the gateway, by the model or by the baseline, with a decision id', async () => {
    // One in twenty goes to the candidate: both arms answer within a few dozen units.
    const bodies: Record<string, unknown> = {};
    const until = Date.now() + 30_000;
    for (let unit = 0; (answered.candidate === 0 || answered.baseline === 0) && Date.now() < until; unit += 1) {
      const headers = { 'x-sluice-unit': `case-${unit}` };
      const answer = await postToUrl(String(outputs['GatewayUrl']), { subject: 'free money', text: 'click' }, headers);
      expect(answer.status).toBe(200);
      const arm = answer.headers['x-sluice-arm'] as keyof typeof answered;
      answered[arm] += 1;
      bodies[arm] = JSON.parse(answer.body);
      if (arm === 'candidate') decisionId = String(answer.headers['x-sluice-decision-id']);
    }
    expect(bodies).toEqual({ candidate: MODEL_ANSWER, baseline: { label: 'spam', score: expect.any(Number) } });
    await waitFor('exposure of the candidate', ({ pk, arm }) => pk.startsWith(`exposure#${releaseId}#`) && arm === 'candidate');
  });

  test('counts a KPI event from EventBridge once, however often it is sent, and keeps what it rejects', async () => {
    const event = kpiEvent('event-1', { value: true });
    await putKpiEvents(event, event);
    await waitFor('outcome', ({ pk, sk }) => pk.startsWith(`outcome#${releaseId}#`) && sk === 'missed-spam');
    await putKpiEvents(event, kpiEvent('event-2', { value: 'perhaps' }), { ...kpiEvent('event-3', {}), kpi: 'no-such-kpi' });
    const rejected = await Promise.all(
      ['event-2', 'event-3'].map((id) => waitFor(`rejection of ${id}`, ({ pk, eventId }) => pk.startsWith('rejected#') && eventId === id)),
    );
    expect(await drained(String(outputs['ObservationQueueUrl']))).toBe(true);
    expect(rejected.map(({ reason }) => reason)).toEqual(['bad-value', 'unknown-kpi']);
    const items = await ledger();
    expect(items.filter(({ pk }) => pk.startsWith(`outcome#${releaseId}#`))).toHaveLength(1);
    expect(counted(items, releaseId, 'missed-spam|candidate|x')).toBe(1);
    expect(counted(items, releaseId, 'wrongly-blocked|candidate|x')).toBe(0);
    // Each unit that asked was counted once, in its arm.
    const exposed = (arm: string): number => counted(items, releaseId, `missed-spam|${arm}|n`);
    expect({ candidate: exposed('candidate'), baseline: exposed('baseline') }).toEqual(answered);
  });
});

describe('an update', () => {
  test('of a KPI window and an address changes these alone', async () => {
    const window = (charter: string): string => charter.replace('window: 1h', 'window: 2h');
    const address = (charter: string): string => charter.replace('support-lead@', 'support-head@');
    const changed = await synth(
      changedCharter(EXAMPLE, (charter) => address(window(charter))),
      '-c',
      'profile=cpu',
    );
    const standing = await stackResources(assembly.stackName);
    const configured = await configurations();
    const kept = await ledger();
    const running = await executions();
    await deploy(changed);

    expect(await stackStatus(assembly.stackName)).toBe('UPDATE_COMPLETE');
    const now = await stackResources(assembly.stackName);
    const isSubscription = ({ type }: { type: string }): boolean => type === 'AWS::SNS::Subscription';
    expect(identities(now.filter((one) => !isSubscription(one)))).toEqual(identities(standing.filter((one) => !isSubscription(one))));
    const { Subscriptions = [] } = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: await idOf('AWS::SNS::Topic', 'SupportTriageNotificationsTopic') }),
    );
    expect(Subscriptions.map(({ Endpoint }) => Endpoint)).toEqual(['support-head@example.com']);

    const reconfigured = await configurations();
    const differing = Object.keys(reconfigured).filter((name) => reconfigured[name] !== configured[name]);
    expect(differing.map((name) => /SupportTriage([A-Za-z]+?)Handler/.exec(name)?.[1]).sort()).toEqual(['Cost', 'Intake']);
    expect(windowOf(reconfigured, 'missed-spam')).toBe(120);

    const left = new Set((await ledger()).map(({ pk, sk }) => `${pk} ${sk}`));
    expect(kept.filter(({ pk, sk }) => !left.has(`${pk} ${sk}`))).toEqual([]);
    expect(await executions()).toEqual(expect.arrayContaining(running));
    assembly = changed;
  });

  test('leaves the release to the verdict, which its schedule starts', async () => {
    const look = await waitFor('look of the verdict', ({ pk, sk }) => pk === ledgerKeys.verdict(releaseId).pk && sk === 'latest', 90);
    expect(look).toMatchObject({ decision: 'continue' });
  }, 120_000);
});

describe('cdk destroy', () => {
  test('leaves nothing but what the template retains: ledger, evidence and its key', async () => {
    const retained = Object.entries(assembly.template.Resources).filter(([, { DeletionPolicy }]) => /^Retain/.test(DeletionPolicy ?? ''));
    expect(retained.map(([, { Type }]) => Type).sort()).toEqual(['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::S3::Bucket']);
    const standing = await inventory();
    expect(standing.filter((one) => one.startsWith('log group ')).length).toBeGreaterThanOrEqual(14);
    const names = { table: String(outputs['LedgerTableName']), bucket: String(outputs['EvidenceBucketName']) };
    const key = String(outputs['EvidenceKeyArn']).split('/').at(-1) ?? '';

    expect(await destroy(assembly)).toContain(`${assembly.stackName}: destroyed`);

    const after = await inventory();
    expect(after.filter((one) => !before.includes(one))).toEqual([`bucket ${names.bucket}`, `key ${key}`, `table ${names.table}`]);
    expect(before.filter((one) => !after.includes(one))).toEqual([]);
    const { endpoints, endpointConfigs, models, inferenceComponents } = doubles.cloud.double<SageMaker>('sagemaker').liveResources();
    expect([endpoints, endpointConfigs, models, inferenceComponents]).toEqual([[], [], [], []]);
    // The release that was under way ended with its evidence.
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: names.bucket, Prefix: 'bundles/' }));
    expect(Contents).toHaveLength(1);
    const release = (await ledger()).find(({ pk, sk }) => pk === 'releases' && sk === releaseId);
    expect(release).toMatchObject({ status: 'withdrawn' });
  });
});

const kpiEvent = (eventId: string, further: Record<string, unknown>): Record<string, unknown> => ({
  schema: 'sluice.kpi/v1',
  useCase: 'support-triage',
  kpi: 'missed-spam',
  eventId,
  decisionId,
  value: true,
  observedAt: new Date().toISOString(),
  ...further,
});

const identities = (resources: { logicalId: string; physicalId: string }[]): string[] =>
  resources.map(({ logicalId, physicalId }) => `${logicalId} ${physicalId}`).sort();

/** What each function runs, and with what settings. */
async function configurations(): Promise<Record<string, string>> {
  const all = await Promise.all(
    (await functions()).map(async ({ FunctionName }) => {
      const { CodeSha256, Environment, Role, Timeout, MemorySize } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName }),
      );
      return [String(FunctionName), JSON.stringify({ CodeSha256, Environment, Role, Timeout, MemorySize })] as const;
    }),
  );
  return Object.fromEntries(all);
}

function windowOf(configured: Record<string, string>, kpi: string): number | undefined {
  const [, intake = '{}'] = Object.entries(configured).find(([name]) => name.includes('IntakeHandler')) ?? [];
  const { Environment } = JSON.parse(intake) as { Environment?: { Variables?: Record<string, string> } };
  const policies = JSON.parse(Environment?.Variables?.['KPIS'] ?? '[]') as { name: string; windowMinutes: number }[];
  return policies.find(({ name }) => name === kpi)?.windowMinutes;
}
