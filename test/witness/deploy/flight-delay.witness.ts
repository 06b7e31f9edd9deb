import type { Budgets } from '../../../rehearsal/services/budgets';
import type { CloudWatch } from '../../../rehearsal/services/cloudwatch';
import type { SageMaker } from '../../../rehearsal/services/sagemaker';
import { DoublesServer } from '../launcher/doubles';
import { inventory } from './support/account';
import { ACCOUNT, REGION, bootstrap, deploy, destroy, synth } from './support/cdk';
import { eventually } from './support/ledger';
import { stackResources } from './support/stack';
import { danglingVariables } from './support/wiring';

// A second example for what the first one does not have: a budget, gates, a schedule of instances.

const doubles = new DoublesServer({ accountId: ACCOUNT, region: REGION });

beforeAll(async () => {
  await doubles.listen(Number(new URL(process.env['SLUICE_DOUBLES'] ?? '').port));
  await bootstrap();
});

afterAll(() => doubles.close());

test('a use case with a budget is deployed, and destroyed without a rest', async () => {
  const before = await inventory();
  const assembly = await synth('examples/flight-delay');
  await deploy(assembly);
  const made = await stackResources(assembly.stackName);
  expect(made.map(({ logicalId }) => logicalId).sort()).toEqual(Object.keys(assembly.template.Resources).sort());
  expect((await danglingVariables()).filter(({ function: name }) => name.startsWith(assembly.stackName))).toEqual([]);
  expect(budgets()).toHaveLength(1);
  expect(alarms()).toHaveLength(
    made.filter(({ type, logicalId }) => type === 'AWS::CloudWatch::Alarm' && 'Metrics' in propertiesOf(logicalId)).length,
  );
  await eventually(async () => (endpoints().length > 0 ? true : undefined), 20);
  expect(endpoints()).toHaveLength(1);

  await destroy(assembly);
  const retained = made.filter(({ logicalId }) => /^Retain/.test(assembly.template.Resources[logicalId]?.DeletionPolicy ?? ''));
  const left = (await inventory()).filter((one) => !before.includes(one)).map((one) => one.split(' ').at(-1));
  expect(left.sort()).toEqual(retained.map(({ physicalId }) => physicalId).sort());
  expect([budgets(), alarms(), endpoints()]).toEqual([[], [], []]);

  function propertiesOf(logicalId: string): Record<string, unknown> {
    return assembly.template.Resources[logicalId]?.Properties ?? {};
  }
});

const endpoints = (): string[] => doubles.cloud.double<SageMaker>('sagemaker').liveResources().endpoints;
const budgets = (): string[] =>
  doubles.cloud
    .double<Budgets>('budgets')
    .all()
    .map(({ name }) => name);
const alarms = (): string[] =>
  doubles.cloud
    .double<CloudWatch>('cloudwatch')
    .alarms()
    .map(({ name }) => name);
