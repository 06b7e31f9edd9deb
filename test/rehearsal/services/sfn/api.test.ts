import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsupportedError, type Members } from '../../../../rehearsal/cloud/types';
import { sfnResources } from '../../../../rehearsal/services/sfn';
import { resourceContext } from '../../support/resource-context';
import { bench, outputOf, ROLE } from './support';

const pass = { A: { Type: 'Pass', End: true } };
const waitDay = { W: { Type: 'Wait', Seconds: 86_400, End: true } };
const day = 86_400_000;

function machineOf(states: Members): string {
  return JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
}

describe('StartExecution', () => {
  it('answers the same for the same name and input while it runs, and refuses another input', async () => {
    const { sfn, call } = bench();
    const { arn: stateMachineArn } = sfn.putStateMachine('m', machineOf(waitDay), ROLE);
    const first = await call('StartExecution', { stateMachineArn, name: 'one', input: '{"a": 1}' });
    expect(await call('StartExecution', { stateMachineArn, name: 'one', input: '{"a":1}' })).toEqual(first);
    await expect(call('StartExecution', { stateMachineArn, name: 'one', input: '{}' })).rejects.toMatchObject({
      code: 'ExecutionAlreadyExists',
    });
    expect(sfn.allExecutions()).toHaveLength(1);
  });

  it('keeps a name for 90 days after its execution ended', async () => {
    const { cloud, sfn, call } = bench();
    const { arn: stateMachineArn } = sfn.putStateMachine('m', machineOf(pass), ROLE);
    const request = { stateMachineArn, name: 'one', input: '{}' };
    await call('StartExecution', request);
    await cloud.clock.run(cloud.clock.now() + 89 * day);
    await expect(call('StartExecution', request)).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await cloud.clock.run(cloud.clock.now() + day);
    await call('StartExecution', request);
    expect(sfn.allExecutions().map((execution) => execution.status)).toEqual(['SUCCEEDED']);
  });

  it.each([
    [{ name: 'a b' }, 'InvalidName'],
    [{ name: 'x'.repeat(81) }, 'InvalidName'],
    [{ input: '{' }, 'InvalidExecutionInput'],
    [{ input: JSON.stringify('x'.repeat(262_144)) }, 'ValidationException'],
    [{ stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:none' }, 'StateMachineDoesNotExist'],
  ])('refuses %j', async (input, code) => {
    const { sfn, call } = bench();
    const { arn: stateMachineArn } = sfn.putStateMachine('m', machineOf(pass), ROLE);
    await expect(call('StartExecution', { stateMachineArn, ...input })).rejects.toMatchObject({ code });
  });
});

describe('an execution', () => {
  it('tells its status changes on the bus, in the log, and as work under way', async () => {
    const { cloud, events, start } = bench();
    const executionArn = await start(waitDay, { a: 1 });
    expect([...cloud.underWay]).toEqual([`execution ${executionArn}`]);
    await cloud.clock.run();
    expect(cloud.underWay.size).toBe(0);
    expect(events.map((event) => [event.source, event.detailType, event.resources, (event.detail as Members).status])).toEqual([
      ['aws.states', 'Step Functions Execution Status Change', [executionArn], 'RUNNING'],
      ['aws.states', 'Step Functions Execution Status Change', [executionArn], 'SUCCEEDED'],
    ]);
    expect(events[1]?.detail).toMatchObject({ input: '{"a":1}', output: '{"a":1}', error: null });
    expect(cloud.log.map((entry) => [entry.source, entry.event])).toEqual([
      ['states', 'running'],
      ['states', 'entered'],
      ['states', 'succeeded'],
    ]);
  });

  it('stops at once, with nothing left behind', async () => {
    const { cloud, start, call, history } = bench();
    const executionArn = await start(waitDay);
    await call('StopExecution', { executionArn, error: 'Killed', cause: 'drill' });
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({ status: 'ABORTED', error: 'Killed', cause: 'drill' });
    expect(cloud.clock.pending).toBe(0);
    expect((await history(executionArn)).map((event) => event.type as string)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'ExecutionAborted',
    ]);
  });

  it('times out as the definition says', async () => {
    const { cloud, run } = bench();
    const described = await run(waitDay, {}, { TimeoutSeconds: 60 });
    expect(described).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(cloud.clock.pending).toBe(0);
  });

  it('keeps the definition it started with', async () => {
    const { cloud, sfn, start, call } = bench();
    const executionArn = await start({ ...waitDay, W: { ...waitDay.W, Output: 'old' } });
    sfn.putStateMachine('machine', machineOf({ W: { ...waitDay.W, Output: 'new' } }), ROLE);
    await cloud.clock.run();
    expect(outputOf(await call('DescribeExecution', { executionArn }))).toBe('old');
  });

  it('is listed by status, newest first, page by page', async () => {
    const { cloud, sfn, call } = bench();
    const { arn: stateMachineArn } = sfn.putStateMachine('m', machineOf(pass), ROLE);
    for (const name of ['a', 'b', 'c']) await call('StartExecution', { stateMachineArn, name });
    await cloud.clock.run();
    const first = await call('ListExecutions', { stateMachineArn, statusFilter: 'SUCCEEDED', maxResults: 2 });
    expect((first.executions as Members[]).map(({ name }) => name as string)).toEqual(['c', 'b']);
    const nextToken = first.nextToken as string;
    // What starts meanwhile shifts nothing.
    await call('StartExecution', { stateMachineArn, name: 'd' });
    const rest = await call('ListExecutions', { stateMachineArn, statusFilter: 'SUCCEEDED', maxResults: 2, nextToken });
    expect((rest.executions as Members[]).map(({ name }) => name as string)).toEqual(['a']);
    expect(rest.nextToken).toBeUndefined();
    for (const more of [{ nextToken: '2' }, { statusFilter: 'RUNNING', nextToken }])
      await expect(call('ListExecutions', { stateMachineArn, ...more })).rejects.toMatchObject({ code: 'InvalidToken' });
    expect((await call('ListExecutions', { stateMachineArn, statusFilter: 'FAILED' })).executions).toEqual([]);
    await expect(call('DescribeExecution', { executionArn: 'none' })).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  });

  it('asks IAM about the machine it starts and the execution it stops', async () => {
    const { cloud, sfn, call } = bench();
    const { arn: stateMachineArn } = sfn.putStateMachine('m', machineOf(waitDay), ROLE);
    const asked: string[] = [];
    cloud.authorise = (_caller, action, resource) => asked.push(`${action} ${resource}`);
    const { executionArn } = await call('StartExecution', { stateMachineArn, name: 'n' });
    await call('StopExecution', { executionArn });
    expect(asked).toEqual([`states:StartExecution ${stateMachineArn}`, `states:StopExecution ${String(executionArn)}`]);
  });
});

describe('AWS::StepFunctions::StateMachine', () => {
  const [resource] = sfnResources;
  if (resource === undefined) throw new Error('no resource');

  it('is made from DefinitionString with substitutions, updated in place and removed with its executions', async () => {
    const { cloud, call } = bench();
    const context = resourceContext(cloud, 'Machine');
    const properties = {
      DefinitionString: machineOf({ W: { Type: 'Wait', Seconds: 60, Output: '${Greeting}', End: true } }),
      DefinitionSubstitutions: { Greeting: 'hello' },
      RoleArn: ROLE,
      TracingConfiguration: { Enabled: true },
    };
    const created = await resource.create(properties, context);
    expect(created).toMatchObject({
      ref: 'arn:aws:states:us-east-1:111111111111:stateMachine:stack-Machine-ABC',
      attributes: { Name: 'stack-Machine-ABC' },
    });
    const { executionArn } = await call('StartExecution', { stateMachineArn: created.ref });
    await cloud.clock.run();
    expect(outputOf(await call('DescribeExecution', { executionArn }))).toBe('hello');

    const changed = { ...properties, DefinitionSubstitutions: { Greeting: 'bye' } };
    expect(await resource.update?.(changed, properties, created, context)).toEqual(created);
    expect((await call('DescribeStateMachine', { stateMachineArn: created.ref })).definition).toContain('bye');

    const running = await call('StartExecution', { stateMachineArn: created.ref });
    await resource.remove(created, changed, context);
    expect(await call('DescribeExecution', { executionArn: running.executionArn as string })).toMatchObject({ status: 'ABORTED' });
    await expect(call('StartExecution', { stateMachineArn: created.ref })).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
  });

  it('reads its definition from an asset', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'definition-'));
    try {
      writeFileSync(join(folder, 'definition.json'), machineOf(pass));
      const { cloud } = bench();
      const properties = { DefinitionS3Location: { Bucket: 'b', Key: 'k' }, RoleArn: ROLE };
      const created = await resource.create(properties, resourceContext(cloud, 'M', { 'b/k': join(folder, 'definition.json') }));
      expect(created.ref).toContain('stateMachine:');
      expect(() => resource.create(properties, resourceContext(cloud, 'M'))).toThrow('s3://b/k is not an asset');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses a definition in YAML, and properties it does not know', () => {
    const { cloud } = bench();
    const create = (more: Members) => () =>
      resource.create({ DefinitionString: machineOf(pass), RoleArn: ROLE, ...more }, resourceContext(cloud));
    const yaml = { DefinitionString: undefined, DefinitionS3Location: { Bucket: 'b', Key: 'machine.yaml' } };
    const context = resourceContext(cloud, 'M', { 'b/machine.yaml': '/nowhere' });
    expect(() => resource.create({ RoleArn: ROLE, ...yaml }, context)).toThrow(UnsupportedError);
    expect(() => resource.create({ RoleArn: ROLE, ...yaml }, context)).toThrow('is in YAML');
    expect(create({ Colour: 'red' })).toThrow('property Colour');
  });

  it('tells before it is made what of it the laptop cloud lacks', () => {
    const { cloud } = bench();
    cloud.stub('lambda', { Invoke: () => ({}) });
    const refused = (States: Members, more: Members = {}) =>
      resource.refuse?.({ DefinitionString: JSON.stringify({ StartAt: 'A', States }), RoleArn: ROLE, ...more }, resourceContext(cloud));
    const task = (Resource: string) => ({ Type: 'Task', Resource, End: true });
    // Functions and activities that are yet to be made have ARNs without their kind.
    expect(refused({ A: task('arn:aws:lambda:us-east-1:111111111111:Price89D349F1') })).toEqual([]);
    expect(refused({ A: task('arn:aws:states:us-east-1:111111111111:Review1234') })).toEqual([]);
    expect(refused({ A: task('arn:aws:states:::glue:startJobRun.sync') }, { Colour: 'red' })).toEqual([
      'property Colour',
      expect.stringContaining('States/A: integration arn:aws:states:::glue:startJobRun.sync is not supported'),
    ]);
    // What AWS refuses fails when it is deployed.
    expect(refused({ A: { Type: 'Pass' } })).toEqual([]);
  });
});
