import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PUBLISHING } from '../../../rehearsal/application/alarm-data';
import { applicationProgressLine, applicationSummary, applicationText } from '../../../rehearsal/application/terminal';
import pc from 'picocolors';
import { play, synthesize } from './stage';
import { buildShop } from './shop';

let shop: string;
beforeAll(() => {
  shop = synthesize(buildShop);
});

const plain = pc.createColors(false);
const textOf = async (scenario: object): Promise<string> =>
  applicationText({ result: await play(shop, scenario), wallSeconds: 0.42, pictures: [] }, { colours: false });

test('what went well is short', async () => {
  const text = await textOf({
    title: 'An order is sorted',
    inputs: [{ at: '0s', execution: { stateMachine: 'Sort', name: 'one', input: { total: 1 } } }],
    expect: { executions: [{ stateMachine: 'Sort', status: 'SUCCEEDED', count: 1 }] },
  });
  expect(text).toMatch(/^✓ Shop · test {2}An order is sorted\n {2}\d+ resources, 1 input, 10 min, seed 1, 0\.4 s of yours\n/);
  expect(text).toContain('  Executions\n  Shop/Sort one: SUCCEEDED, 0 s  Large → Accept\n');
  expect(text).toContain('  ✓ executions of Sort, status SUCCEEDED: 1\n  ✓ all 8 checks held\n');
  expect(text).toContain('stays when the stacks are deleted, by its removal policy: Shop/Kept');
});

test('what went wrong is told with what was seen instead, and when', async () => {
  const text = await textOf({
    inputs: [
      { at: '2m', every: '1m', times: 5, execution: { stateMachine: 'Sort', name: 'n{{n}}', input: { total: 500 } } },
      { at: '0s', message: { queue: 'Work', body: 'bad' } },
      { at: '0s', execution: { stateMachine: 'Packing', name: 'waits' } },
      { at: '0s', object: { bucket: 'Uploads', key: 'a', text: 'a' } },
    ],
    faults: [{ at: '1m', service: 'dynamodb', operation: 'GetItem', error: 'InternalServerError' }],
    expect: { items: [{ table: 'Orders', count: 1 }] },
  });
  expect(text.startsWith('✗ ')).toBe(true);
  expect(text).toContain('  ✗ items of Orders: 1, but: 0: nothing\n');
  expect(text).toContain('  ✗ executions: execution n1 of Shop/Sort: FAILED at 0:02, last in TooLarge, TooLarge: above the limit\n');
  expect(text).toContain('    … 3 more of these\n');
  expect(text).toContain('  ✗ dead-letters: a message in the dead-letter queue Shop/Dead: bad\n');
  expect(text).toMatch(/ {2}0:02 {2}execution n1 of Shop\/Sort fail/);
  expect(text).toContain('fault: dynamodb GetItem answers InternalServerError');
  expect(text).toContain('  Shop/Worker: ran 2 times, 2 failed\n');
  expect(text).toContain('  Shop/Dead: 1 message at the end, a dead-letter queue');
  expect(text).toContain('  ! still under way at the end: execution waits of Shop/Packing, in PackIt');
  expect(text).toMatch(/ {2}✗ deleted: stack Shop cannot be deleted: .*not empty/i);
});

test('many executions are counted, the same sentence is told once', async () => {
  const text = await textOf({
    inputs: [
      { at: '0s', every: '1s', times: 20, execution: { stateMachine: 'Sort', name: 'n{{n}}', input: { total: 5 } } },
      { at: '0s', every: '1m', times: 3, invoke: { function: 'Worker', payload: { fail: true } } },
    ],
  });
  expect(text).toContain('  Shop/Sort: SUCCEEDED 20 times\n');
  expect(text).toMatch(/function Shop\/Worker fails: TypeError: asked to fail \(3 times\)\n/);
});

describe('an alarm on a metric of which no data came', () => {
  test('is told where its service publishes nothing here, or the metric is the application’s own', async () => {
    const blind = synthesize((app) => {
      const stack = new Stack(app, 'Blind');
      const on = (id: string, namespace: string) =>
        new Alarm(stack, id, { metric: new Metric({ namespace, metricName: 'Failed' }), threshold: 1, evaluationPeriods: 1 });
      on('Rules', 'AWS/Events');
      on('Orders', 'Shop');
      on('Functions', 'AWS/Lambda');
    });
    const text = applicationText({ result: await play(blind, {}), wallSeconds: 0, pictures: [] }, { colours: false });
    expect(text.match(/ {2}! alarm .*/g)).toEqual([
      '  ! alarm Blind/Rules: no data of AWS/Events Failed came',
      '  ! alarm Blind/Orders: no data of Shop Failed came',
    ]);
  });

  test.each(PUBLISHING)('%s is published by a service here', (namespace) => {
    const services = path.join(__dirname, '../../../rehearsal/services');
    const sources = readdirSync(services, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(sources.some((name) => readFileSync(path.join(services, name), 'utf8').includes(`'${namespace}'`))).toBe(true);
  });
});

test('progress and summary take a line', async () => {
  const progress = { scenarioName: 'orders', t: 5400, ofSeconds: 7200, inputs: 1200, invocations: 3, executionsRunning: 2 };
  expect(applicationProgressLine(progress, plain)).toBe('orders 1 h 30 min of 2 h  1\u202f200 inputs  3 invocations  2 executions running');
  const result = await play(shop, { inputs: [{ at: '0s', invoke: { function: 'Worker', payload: { fail: true } } }] });
  expect(applicationSummary({ result, wallSeconds: 1, pictures: [] }, plain)).toMatch(
    /^✗ test {19}1 input, 0 executions, 1\.0 s\n {4}did not hold: functions: Shop\/Worker, invoked by inputs\[0\]/,
  );
});
