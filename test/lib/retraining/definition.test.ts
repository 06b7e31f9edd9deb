import type { TrainingPolicy } from '../../../core/contracts';
import { retrainingDefinition } from '../../../lib/retraining/definition';
import type { RetrainingMachineParts } from '../../../lib/retraining/machine-parts';
import { parseDefinition } from '../../../rehearsal/services/sfn/validate';
import { type Asl, reachable, targetsOf } from '../../support/asl';
import { askable, evaluate } from '../../support/workflow';

const JOB: TrainingPolicy = {
  kind: 'job',
  image: 'train:1',
  instanceType: 'ml.m5.xlarge',
  instanceCount: 1,
  volumeGb: 30,
  hyperParameters: { rounds: '50' },
  maxRuntimeMinutes: 60,
};
const PIPELINE: TrainingPolicy = { kind: 'pipeline', pipelineName: 'delay-train', maxRuntimeMinutes: 60 };
const MACHINE: TrainingPolicy = {
  kind: 'state-machine',
  stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:train',
  maxRuntimeMinutes: 60,
};
const PARTS: RetrainingMachineParts = {
  useCaseName: 'flight-delay',
  resourcePrefix: 'flight-delay-abc123',
  stepArn: 'arn:aws:lambda:eu-west-1:111122223333:function:step',
  approvalArn: 'arn:aws:lambda:eu-west-1:111122223333:function:approval',
  topicArn: 'arn:aws:sns:eu-west-1:111122223333:topic',
  runbooksUrl: 'https://runbooks.example.com',
  training: JOB,
  trainingRoleArn: 'arn:aws:iam::111122223333:role/jobs',
  asksBoard: true,
  tags: { team: 'ops' },
};

const machineOf = (more: Partial<RetrainingMachineParts> = {}) => askable(retrainingDefinition({ ...PARTS, ...more }) as unknown as Asl);

const KINDS: [string, Partial<RetrainingMachineParts>][] = [
  ['a job', {}],
  ['a job without a board', { asksBoard: false }],
  ['a pipeline', { training: PIPELINE }],
  ['a state machine', { training: MACHINE }],
];

describe.each(KINDS)('the workflow with %s', (_, more) => {
  const { machine, state } = machineOf(more);
  const tasks = Object.entries(machine.States).filter(([, { Type }]) => Type === 'Task');

  test('is JSONata that the interpreter of the rehearsal accepts', () => {
    expect(machine.QueryLanguage).toBe('JSONata');
    expect(() => parseDefinition(JSON.stringify(machine), () => true)).not.toThrow();
  });

  test('names only states that exist, and reaches all of them', () => {
    const names = Object.keys(machine.States);
    for (const name of names) for (const target of targetsOf(state(name))) expect(names).toContain(target);
    expect([...reachable(machine)].sort()).toEqual(names.sort());
  });

  test('catches every error in every task, retries every call, and has a time for all that waits', () => {
    for (const [name, { Catch, Retry, Resource, TimeoutSeconds }] of tasks) {
      expect({ name, caught: Catch?.at(-1)?.ErrorEquals }).toEqual({ name, caught: ['States.ALL'] });
      expect({ name, retries: (Retry ?? []).length > 0 }).toEqual({ name, retries: true });
      if (/sync|waitForTaskToken/.test(Resource ?? ''))
        expect({ name, timed: TimeoutSeconds !== undefined }).toEqual({ name, timed: true });
    }
  });

  test('leads every failure to the end that releases the lock', () => {
    for (const [name, { Catch }] of tasks) {
      const target = Catch?.at(-1)?.Next;
      const allowed = name === 'Finish' ? ['PageOwner'] : name === 'PageOwner' ? ['NotEnded'] : ['Finish', 'StopPipeline'];
      expect({ name, allowed: allowed.includes(target ?? '') }).toEqual({ name, allowed: true });
    }
    const ends = Object.entries(machine.States).filter(([, one]) => one.End === true || one.Type === 'Fail' || one.Type === 'Succeed');
    expect(ends.map(([name]) => name).sort()).toEqual(['Finish', 'NotEnded']);
  });

  test('says on every way to its end how it ended', () => {
    const toFinish = Object.entries(machine.States).flatMap(([name, one]) => [
      ...(one.Next === 'Finish' ? [{ name, assign: one.Assign }] : []),
      ...(one.Choices ?? []).filter(({ Next }) => Next === 'Finish').map(({ Assign }) => ({ name, assign: Assign })),
      ...(one.Catch ?? []).filter(({ Next }) => Next === 'Finish').map(({ Assign }) => ({ name, assign: Assign })),
    ]);
    expect(toFinish.length).toBeGreaterThan(8);
    // Stopping a pipeline comes after the ending was said.
    for (const { name, assign } of toFinish)
      if (name !== 'StopPipeline') expect({ name, said: assign?.['ending'] !== undefined }).toEqual({ name, said: true });
  });
});

describe('a run', () => {
  const { state, next } = machineOf();
  const context = { Execution: { Id: 'arn:aws:states:x:execution:m:t3', Input: { runId: 't3' } } };

  test('has a name of its own for what it makes on SageMaker, short enough for it', async () => {
    const name = '$name' as string;
    const assigned = state('Begin').Assign ?? {};
    expect(Object.keys(assigned)).toContain(name.slice(1));
    const expression = String(assigned['name']).replace(/\$hash\(([^,]+), 'SHA-256'\)/, "'0123456789abcdef' & $substring($1, 0, 0)");
    const made = await evaluate(expression, { states: { context } });
    expect(made).toBe('flight-delay-abc123-t3-01234567');
    const longest = `${'p'.repeat(39)}-t1234-01234567`;
    expect(longest.length).toBeLessThanOrEqual(63);
  });

  test('trains on enough data alone', async () => {
    expect(await next('Selected', { data: { enough: true } })).toBe('Train');
    expect(await next('Selected', { data: { enough: false, reason: 'few' } })).toBe('TooLittleData');
    expect(await evaluate(state('TooLittleData').Assign?.['ending'], { data: { reason: '3 answers' } })).toEqual({
      status: 'refused',
      reason: '3 answers',
    });
  });

  test('hands the rows for training to the job, and nothing of the evaluation', () => {
    const job = state('Train');
    expect(job.Resource).toBe('arn:aws:states:::sagemaker:createTrainingJob.sync');
    expect(job.Arguments).toMatchObject({
      TrainingJobName: '{% $name %}',
      RoleArn: PARTS.trainingRoleArn,
      AlgorithmSpecification: { TrainingImage: 'train:1', TrainingInputMode: 'File' },
      HyperParameters: { rounds: '50' },
      InputDataConfig: [{ ChannelName: 'train' }],
      OutputDataConfig: { S3OutputPath: '{% $data.outputUri %}' },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    });
    expect(JSON.stringify(job.Arguments)).not.toMatch(/evaluation/i);
    // A job that ran and failed is not run again.
    expect(job.Retry?.every(({ ErrorEquals }) => !ErrorEquals.includes('States.ALL') && !ErrorEquals.includes('States.TaskFailed'))).toBe(
      true,
    );
    expect(Number(job.TimeoutSeconds)).toBeGreaterThan(3600);
  });

  test('encrypts with the key of the use case, where the volumes take one, and stays in its network', () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/k';
    const network = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
    const encrypted = machineOf({ keyArn: key, network }).state('Train').Arguments;
    expect(encrypted).toMatchObject({
      OutputDataConfig: { KmsKeyId: key },
      ResourceConfig: { VolumeKmsKeyId: key },
      VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    });
    const local = machineOf({ keyArn: key, training: { ...JOB, instanceType: 'ml.g5.xlarge' } }).state('Train').Arguments as {
      ResourceConfig: object;
    };
    expect(local.ResourceConfig).not.toHaveProperty('VolumeKmsKeyId');
  });

  test('tells why something failed by what the job or the handler says', async () => {
    const caught = state('Train').Catch?.[0]?.Assign?.['ending'];
    const failed = (Cause: string) => evaluate(caught, { states: { errorOutput: { Error: 'States.TaskFailed', Cause } } });
    const job = '{"TrainingJobName":"x","FailureReason":"AlgorithmError: no \\"rows\\" left, exit code: 1","Tags":[]}';
    expect(await failed(job)).toEqual({ status: 'failed', reason: 'training: AlgorithmError: no \\"rows\\" left, exit code: 1' });
    expect(await failed('{"errorType":"NoModel","errorMessage":"training left 0 files","trace":["at x')).toEqual({
      status: 'failed',
      reason: 'training: training left 0 files',
    });
    expect(await failed('{"FailureReason":"last"}')).toEqual({ status: 'failed', reason: 'training: last' });
    for (const plain of ['quota', '{"cut off', '']) {
      expect(await failed(plain)).toEqual({ status: 'failed', reason: `training: States.TaskFailed: ${plain}` });
    }
    const { reason } = (await failed(`"errorMessage":"${'x'.repeat(2000)}",`)) as { reason: string };
    expect(reason).toHaveLength(510);
  });

  test('registers what is not worse, and asks the board first where there is one', async () => {
    expect(await next('Evaluated', { evaluation: { passed: true, board: { deadlineMinutes: 60 } } })).toBe('Approval');
    expect(await next('Evaluated', { evaluation: { passed: true } })).toBe('PlanRegistration');
    expect(await next('Evaluated', { evaluation: { passed: false } })).toBe('Worse');
    expect(await machineOf({ asksBoard: false }).next('Evaluated', { evaluation: { passed: true, board: {} } })).toBe('PlanRegistration');
    expect(await next('Approved', { approval: { approved: true } })).toBe('PlanRegistration');
    expect(await next('Approved', { approval: { approved: false } })).toBe('NotApproved');
    expect(await next('Approved', { approval: {} })).toBe('NotApproved');
    expect(await next('MayRegister', { registration: { register: true } })).toBe('Register');
    expect(await next('MayRegister', { registration: { register: false } })).toBe('NotRegistered');
    for (const [name, variables, reason] of [
      ['Worse', { evaluation: { reason: 'worse by 0.1' } }, 'worse by 0.1'],
      ['NotApproved', { approval: { reason: 'rejected by quality' } }, 'rejected by quality'],
      ['NotRegistered', { registration: { reason: 'r4 is stable now' } }, 'r4 is stable now'],
    ] as const) {
      expect(await evaluate(state(name).Assign?.['ending'], variables)).toEqual({ status: 'rejected', reason });
    }
  });

  test('waits for the board as long as it has, and for those it escalates to', async () => {
    const wait = (name: string, board: object) => evaluate(state(name).TimeoutSeconds, { evaluation: { board } });
    expect(await wait('Approval', { deadlineMinutes: 120 })).toBe(7200);
    expect(await wait('Approval', { deadlineMinutes: 120, escalateAfterMinutes: 30 })).toBe(1800);
    expect(await wait('Escalate', { deadlineMinutes: 120, escalateAfterMinutes: 30 })).toBe(5400);
    expect(await next('EscalateOwed', { evaluation: { board: { deadlineMinutes: 120 } } })).toBe('SettleApproval');
    expect(JSON.stringify(state('Approval').Arguments)).toContain('"kind":"retraining"');
  });

  test('notes a version before it approves it', () => {
    expect(state('Register').Next).toBe('NotePackage');
    expect(state('NotePackage').Next).toBe('ApproveVersion');
    expect(state('ApproveVersion').Arguments).toMatchObject({ ModelPackageArn: '{% $packageArn %}', ModelApprovalStatus: 'Approved' });
    expect(state('ApproveVersion').Next).toBe('Finish');
  });

  test('asks again for hours to be ended, then pages', () => {
    const [retry] = (state('Finish').Retry ?? []) as { ErrorEquals: string[]; MaxAttempts: number }[];
    expect(retry).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 12 });
    expect(JSON.stringify(state('PageOwner').Arguments)).toContain('runbooks.example.com/retraining.md');
  });
});

describe('a pipeline', () => {
  const { state, next } = machineOf({ training: PIPELINE });

  test('is started once, with the places of the data', () => {
    expect(state('Train').Arguments).toMatchObject({
      PipelineName: 'delay-train',
      ClientRequestToken: expect.stringContaining('$hash') as string,
      PipelineParameters: [{ Name: 'TrainingData' }, { Name: 'OutputPath' }],
    });
    expect(state('Train').Next).toBe('NotePipeline');
    expect(state('NotePipeline').Next).toBe('WaitForPipeline');
  });

  test('is looked at less and less often, at last every ten minutes', async () => {
    const look = (wait: number) =>
      evaluate(state('LookAtPipeline').Assign?.['pipeline'], {
        pipeline: { arn: 'a', until: 9, wait },
        states: { result: { PipelineExecutionStatus: 'Executing' } },
      });
    expect(await look(30)).toMatchObject({ arn: 'a', until: 9, wait: 45, status: 'Executing' });
    expect(await look(45)).toMatchObject({ wait: 68 });
    expect(await look(500)).toMatchObject({ wait: 600 });
    expect(await look(600)).toMatchObject({ wait: 600 });
  });

  test.each([60, 2 * 1440, 28 * 1440])('of %s minutes stays far below the events that a history holds', async (maxRuntimeMinutes) => {
    const { state: of } = machineOf({ training: { ...PIPELINE, maxRuntimeMinutes } });
    const longest = /, (\d+)\]\)/.exec(String(of('LookAtPipeline').Assign?.['pipeline']))?.[1];
    let looks = 0;
    for (let [seconds, wait] = [0, 30]; seconds < maxRuntimeMinutes * 60; looks += 1) {
      [seconds, wait] = [seconds + wait, Math.min(Math.ceil(wait * 1.5), Number(longest))];
    }
    // Wait, task and choice: entered and left, the task also scheduled, started and done.
    expect(looks * 9).toBeLessThan(12_000);
  });

  test.each<[string, object, string]>([
    ['succeeded', { status: 'Succeeded', until: 0 }, 'Prepare'],
    ['failed', { status: 'Failed', until: 0, why: 'x' }, 'Finish'],
    ['was stopped', { status: 'Stopped', until: 0, why: 'x' }, 'Finish'],
    ['took too long', { status: 'Executing', until: 0 }, 'StopPipeline'],
    ['goes on', { status: 'Executing', until: 4e12 }, 'WaitForPipeline'],
  ])('that %s', async (_, pipeline, target) => {
    expect(await next('HowIsPipeline', { pipeline })).toBe(target);
  });
});

test('a state machine of the user’s gets the places, and must say where its model is', async () => {
  const { state } = machineOf({ training: MACHINE });
  expect(state('Train').Arguments).toMatchObject({
    StateMachineArn: MACHINE.kind === 'state-machine' ? MACHINE.stateMachineArn : '',
    Input: { trainingData: '{% $data.trainingUri %}', outputPath: '{% $data.outputUri %}' },
  });
  const said = (Output: object) => evaluate(state('Train').Assign?.['model'], { states: { result: { Output } } });
  expect(await said({ modelDataUrl: 's3://m' })).toEqual({ url: 's3://m' });
  expect(await said({})).toEqual({ url: 'nothing' });
});
