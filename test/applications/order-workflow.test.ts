import { orderWorkflow } from './order-workflow/app';
import { changed, changedResource, withoutGrant } from './play';
import { rehearsed } from './rehearsed';

jest.setTimeout(300_000);

const { assembly, failsWith } = rehearsed('orders in plain CDK', 'order-workflow', orderWorkflow);

/** What an application does wrong, where a rehearsal sees it, and in which words. */
describe('orders, broken on purpose', () => {
  it('a function that may not write its table: the denied call and its role are named', async () => {
    const broken = withoutGrant(assembly(), 'OrderWorkflow', /^ChargeServiceRole/, 'dynamodb:PutItem');
    await failsWith(broken, 'confirmed', /least-privilege: OrderWorkflow\/Charge\/ServiceRole may not dynamodb:PutItem on \S*Payments/);
  });

  it('a workflow that may not publish: the denied call and its role are named', async () => {
    const broken = withoutGrant(assembly(), 'OrderWorkflow', /^WorkflowRole/, 'sns:Publish');
    await failsWith(broken, 'confirmed', /least-privilege: OrderWorkflow\/Workflow\/Role may not sns:Publish on \S*Notices/);
  });

  it('a queue without dead letters: what cannot be shipped never comes to rest', async () => {
    const broken = changedResource(assembly(), 'OrderShipping', { type: 'AWS::SQS::Queue', id: /^Parcels/ }, (properties) => {
      delete properties['RedrivePolicy'];
    });
    await failsWith(broken, 'shipping-broken', /OrderShipping\/DeadLetters/);
  });

  it('a warehouse that counts each delivery: a parcel too many under duplicates', async () => {
    const broken = changed(
      assembly(),
      (name, text) => name.endsWith('index.js') && text.includes('ADD parcels'),
      (text) => text.replace('#status = :confirmed', 'attribute_exists(orderId) OR #status = :confirmed'),
    );
    await failsWith(broken, 'duplicates', /OrderData\/Orders[^]*parcels/);
  });

  it('a workflow that takes an order up each time it hears of it', async () => {
    const broken = changed(
      assembly(),
      (name) => name === 'OrderWorkflow.template.json',
      (text) =>
        text.replace('#status = :placed OR takenBy = :execution', '#status <> :placed OR #status = :placed OR takenBy = :execution'),
    );
    await failsWith(broken, 'duplicates', /AlreadyTaken/);
  });

  it('a Choice the wrong way round: small orders wait for an approver', async () => {
    const broken = changed(
      assembly(),
      (name) => name === 'OrderWorkflow.template.json',
      (text) => text.replace('NumericGreaterThan', 'NumericLessThan'),
    );
    await failsWith(broken, 'confirmed', /expect\.executions\[0\][^]*AskApprover/);
  });
});
