import path from 'node:path';
import type { ApplicationResult } from '../../rehearsal/application/result';
import { orderWorkflow } from './order-workflow/app';
import {
  brokenOf,
  changed,
  changedResource,
  rehearse,
  resultOf,
  scenariosOf,
  synthesize,
  withoutGrant,
  linesOf,
  type Played,
} from './play';

jest.setTimeout(300_000);

const FOLDER = path.join(__dirname, 'order-workflow');
const scenario = (name: string): string => path.join(FOLDER, 'scenarios', `${name}.yaml`);

let assembly: string;

beforeAll(() => {
  assembly = synthesize(orderWorkflow);
});

describe('orders in plain CDK', () => {
  const names = scenariosOf(FOLDER);
  let first: Played;
  let second: Played;

  beforeAll(async () => {
    first = await rehearse(assembly, ...names.map(scenario));
    second = await rehearse(assembly, ...names.map(scenario).reverse());
  });

  it.each(names)('%s: all is as expected', (name) => {
    const result = JSON.parse(linesOf(first).get(name) ?? '') as ApplicationResult;
    expect(brokenOf(result)).toBe('');
    expect(result.expectations.length).toBeGreaterThan(0);
    expect(result.stillUnderWay).toEqual([]);
  });

  it('the command says that all went well', () => expect([first.status, second.status]).toEqual([0, 0]));

  it.each(names)('%s: the same byte for byte when it runs again, after others', (name) => {
    expect(linesOf(second).get(name)).toBe(linesOf(first).get(name));
  });
});

/** What an application does wrong, where a rehearsal sees it, and in which words. */
describe('orders, broken on purpose', () => {
  async function failsWith(broken: string, name: string, words: RegExp): Promise<void> {
    const played = await rehearse(broken, scenario(name));
    expect(played.status).toBe(1);
    expect(brokenOf(resultOf(played))).toMatch(words);
  }

  it('a function that may not write its table: the denied call and its role are named', async () => {
    const broken = withoutGrant(assembly, 'OrderWorkflow', /^ChargeServiceRole/, 'dynamodb:PutItem');
    await failsWith(broken, 'confirmed', /least-privilege: OrderWorkflow\/Charge\/ServiceRole may not dynamodb:PutItem on \S*Payments/);
  });

  it('a workflow that may not publish: the denied call and its role are named', async () => {
    const broken = withoutGrant(assembly, 'OrderWorkflow', /^WorkflowRole/, 'sns:Publish');
    await failsWith(broken, 'confirmed', /least-privilege: OrderWorkflow\/Workflow\/Role may not sns:Publish on \S*Notices/);
  });

  it('a queue without dead letters: what cannot be shipped never comes to rest', async () => {
    const broken = changedResource(assembly, 'OrderShipping', { type: 'AWS::SQS::Queue', id: /^Parcels/ }, (properties) => {
      delete properties['RedrivePolicy'];
    });
    await failsWith(broken, 'shipping-broken', /OrderShipping\/DeadLetters/);
  });

  it('a warehouse that counts each delivery: a parcel too many under duplicates', async () => {
    const broken = changed(
      assembly,
      (name, text) => name.endsWith('index.js') && text.includes('ADD parcels'),
      (text) => text.replace('#status = :confirmed', 'attribute_exists(orderId) OR #status = :confirmed'),
    );
    await failsWith(broken, 'duplicates', /OrderData\/Orders[^]*parcels/);
  });

  it('a workflow that takes an order up each time it hears of it', async () => {
    const broken = changed(
      assembly,
      (name) => name === 'OrderWorkflow.template.json',
      (text) =>
        text.replace('#status = :placed OR takenBy = :execution', '#status <> :placed OR #status = :placed OR takenBy = :execution'),
    );
    await failsWith(broken, 'duplicates', /AlreadyTaken/);
  });

  it('a Choice the wrong way round: small orders wait for an approver', async () => {
    const broken = changed(
      assembly,
      (name) => name === 'OrderWorkflow.template.json',
      (text) => text.replace('NumericGreaterThan', 'NumericLessThan'),
    );
    await failsWith(broken, 'confirmed', /expect\.executions\[0\][^]*AskApprover/);
  });
});
