import type { Members } from '../../../rehearsal/cloud/types';
import { bench, ROLE } from '../../rehearsal/services/sfn/support';
import { world as person } from '../../rehearsal/support/fake-cloud';
import { releaseMachine } from '../../support/workflow';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const parsed = (input: Members): Record<string, unknown> =>
  JSON.parse(Buffer.from(input['Payload'] as Uint8Array).toString()) as Record<string, unknown>;

interface Course {
  /** Days behind the lock of another release, whose end nobody tells. */
  queuedDays?: number;
  steps: number;
  bakeDays: number;
  approvalDays?: number;
  shadowDays?: number;
  warmDays?: number;
  gates?: number;
  /** How long every change of the endpoint takes. */
  updateMinutes: number;
}

/** The workflow itself in the laptop's Step Functions, over handlers and an endpoint that do what they should; its history, and days. */
async function historyOf(course: Course): Promise<{ types: string[]; states: string[]; status: unknown; days: number }> {
  const { cloud, sfn } = bench();
  const names = Array.from({ length: course.gates ?? 0 }, (_, index) => `gate-${index}`);
  const gateMachine = sfn.putStateMachine(
    'gates',
    JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Measure',
      States: {
        Measure: { Type: 'Wait', Seconds: 600, Next: 'Say' },
        Say: { Type: 'Pass', Output: '{% $states.input %}', End: true },
      },
    }),
    ROLE,
  );
  const { machine } = releaseMachine({ gateMachineArn: gateMachine.arn });

  const endpoint = { configName: 'stable-live', pending: 'stable-live', readyAt: 0, candidates: 1 };
  const update = (configName: string): Members => {
    Object.assign(endpoint, { pending: configName, readyAt: cloud.clock.now() + course.updateMinutes * MINUTE });
    return { EndpointArn: 'arn' };
  };
  cloud.stub('sagemaker', {
    DescribeEndpoint: () => {
      const ready = cloud.clock.now() >= endpoint.readyAt;
      if (ready) endpoint.configName = endpoint.pending;
      return {
        EndpointName: 'e',
        EndpointStatus: ready ? 'InService' : 'Updating',
        EndpointConfigName: endpoint.configName,
        ProductionVariants: [
          { VariantName: 'a', CurrentInstanceCount: 40 },
          { VariantName: 'b', CurrentInstanceCount: ready ? endpoint.candidates : endpoint.candidates - 1 },
        ],
      };
    },
    DescribeEndpointConfig: () => ({ EndpointConfigName: 'stable-live', ProductionVariants: [] }),
    CreateModel: () => ({}),
    CreateEndpointConfig: () => ({}),
    UpdateEndpoint: ({ EndpointConfigName }) => update(String(EndpointConfigName)),
    UpdateEndpointWeightsAndCapacities: ({ DesiredWeightsAndCapacities }) => {
      endpoint.candidates = Number((DesiredWeightsAndCapacities as Members[])[0]?.['DesiredInstanceCount']);
      return update(endpoint.configName);
    },
    DeleteEndpointConfig: () => ({}),
    DeleteModel: () => ({}),
    CreateEndpoint: () => ({}),
    DeleteEndpoint: () => ({}),
    CreateInferenceComponent: () => ({}),
    DescribeInferenceComponent: () => ({}),
    DeleteInferenceComponent: () => ({}),
  });
  cloud.stub('sns', { Publish: () => ({}) });

  const answer = async (token: unknown, output: object): Promise<void> => {
    await cloud.call('sfn', 'SendTaskSuccess', { taskToken: token, output: JSON.stringify(output) }, person);
  };
  const beats = (token: unknown, untilMillis: number): void => {
    cloud.clock.after(4 * MINUTE, () => {
      if (cloud.clock.now() >= untilMillis) return;
      beats(token, untilMillis);
      return cloud.call('sfn', 'SendTaskHeartbeat', { taskToken: token }, person).then(() => undefined);
    });
  };
  const later = (days: number, token: unknown, output: object): void => {
    cloud.clock.after(days * DAY, () => answer(token, output));
    beats(token, cloud.clock.now() + days * DAY);
  };
  const begunAt = cloud.clock.now();
  const release = {
    first: false,
    endpointName: 'e',
    minInstances: 40,
    maxInstances: 40,
    approvals: { requiredRoles: course.approvalDays === undefined ? [] : ['risk'], deadlineMinutes: 40 * 1440, onDeadline: 'reject' },
    strategy: 'canary',
    gates: names,
    shadowMinutes: (course.shadowDays ?? 0) * 1440,
    keepWarmMinutes: (course.warmDays ?? 0) * 1440,
    steps: Array.from({ length: course.steps }, (_, index) => ({
      weight: (index + 1) / (course.steps + 1),
      bakeMinutes: course.bakeDays * 1440,
    })),
    maxDurationMinutes: 60 * 1440,
  };
  const config = (name: string) => ({ EndpointName: 'e', EndpointConfigName: name });
  const made = (name: string) => ({ EndpointConfigName: name, ProductionVariants: [{ VariantName: 'b', ModelName: 'm' }] });
  const plan = {
    first: false,
    endpointName: 'e',
    ...{ modelName: 'm', darkConfigName: 'dark', liveConfigName: 'live', stableConfigName: 'stable-live' },
    ...{ createModel: { ModelName: 'm' }, createDarkConfig: made('dark'), createLiveConfig: made('live') },
    ...{ endpoint: config('dark'), liveEndpoint: config('live'), restoreEndpoint: config('stable-live') },
    shadow: { configName: 'shadow', createConfig: made('shadow'), endpoint: config('shadow') },
    obsoleteConfigs: ['dark', 'stable-live'],
    obsoleteModels: ['old'],
    candidate: { variantName: 'b' },
  };
  const step = (given: Record<string, unknown>): unknown => {
    switch (given['action']) {
      case 'register': {
        const waited = (cloud.clock.now() - begunAt) / 1000;
        return waited < (course.queuedDays ?? 0) * 86_400
          ? { locked: false, superseded: false, waitSeconds: Math.min(43_200, Math.max(900, Math.ceil(waited))) }
          : { locked: true, plan: release };
      }
      case 'plan':
        return plan;
      case 'open-step':
        if (given['kind'] === 'shadow') later(course.shadowDays ?? 0, given['taskToken'], { decision: 'advance', reason: 'agrees' });
        else
          later(course.bakeDays, given['taskToken'], {
            decision: Number(given['index']) + 1 < course.steps ? 'advance' : 'promote',
            reason: 'fine',
            by: 'verdict',
          });
        return {};
      case 'keep-gate':
        return { gate: names[Number(given['index'])], passed: true, reason: 'fine' };
      case 'finish':
        return given['keepWarm'] === true
          ? { warmUntil: new Date(cloud.clock.now() + (course.warmDays ?? 0) * DAY).toISOString() }
          : { outcome: given['outcome'] };
      case 'tidy':
        return { do: 'settle', obsoleteConfigs: [], obsoleteModels: [] };
      default:
        return {};
    }
  };
  cloud.stub('lambda', {
    Invoke: (input) => {
      const given = parsed(input);
      const isApproval = String(input['FunctionName']).endsWith(':approval');
      if (isApproval && given['action'] === undefined) later(course.approvalDays ?? 0, given['taskToken'], { approved: true });
      return { StatusCode: 200, Payload: bytes(isApproval ? { approved: true, decisions: [], reason: '' } : step(given)) };
    },
  });

  const workflow = sfn.putStateMachine('release', JSON.stringify(machine), ROLE);
  const call = async (operation: string, input: Members): Promise<Members> => {
    const called = cloud.call('sfn', operation, input, person);
    await cloud.clock.run(cloud.clock.now() + 5);
    return called;
  };
  const { executionArn } = await call('StartExecution', { stateMachineArn: workflow.arn, input: JSON.stringify({ releaseId: 'r2' }) });
  await cloud.clock.run();
  const { status, startDate, stopDate, cause } = await call('DescribeExecution', { executionArn });
  if (status !== 'SUCCEEDED') throw new Error(`The release ${String(status)}: ${String(cause)}`);
  const events: Members[] = [];
  let nextToken: unknown;
  do {
    const page = await call('GetExecutionHistory', { executionArn, maxResults: 1000, ...(nextToken === undefined ? {} : { nextToken }) });
    events.push(...(page['events'] as Members[]));
    nextToken = page['nextToken'];
  } while (nextToken !== undefined);
  return {
    types: events.map(({ type }) => String(type)),
    states: events.flatMap((event) => {
      const entered = event['stateEnteredEventDetails'] as { name: string } | undefined;
      return entered === undefined ? [] : [entered.name];
    }),
    status,
    days: ((stopDate as Date).getTime() - (startDate as Date).getTime()) / DAY,
  };
}

describe('the history of a release', () => {
  test('of 30 days in twenty steps, each with new instances, stays below 1 500 events', async () => {
    const { types, states, status, days } = await historyOf({ steps: 20, bakeDays: 1.5, updateMinutes: 8 });
    expect(status).toBe('SUCCEEDED');
    expect(days).toBeGreaterThan(30);
    expect(states.filter((name) => name === 'OpenStep')).toHaveLength(20);
    expect(states.filter((name) => name === 'AddCapacity').length).toBeGreaterThanOrEqual(19);
    expect(types.length).toBeLessThan(1500);
  });

  test('with gates, a board, a shadow, a canary of three steps, a rollback window and a slow endpoint, stays below 1 500 events', async () => {
    const { types, states, status, days } = await historyOf({
      ...{ steps: 3, bakeDays: 4, updateMinutes: 45 },
      ...{ approvalDays: 5, shadowDays: 5, warmDays: 8, gates: 10 },
    });
    expect(status).toBe('SUCCEEDED');
    expect(days).toBeGreaterThan(30);
    for (const name of ['KeepGate', 'Approval', 'OpenShadow', 'OpenStep', 'Promote', 'WaitWarm', 'Tidy', 'DeleteOldModels', 'Finish'])
      expect(states).toContain(name);
    expect(types.length).toBeLessThan(1500);
  });

  test('that waits for 30 days behind another, and is never woken, stays below 1 500 events', async () => {
    const { types, status, days } = await historyOf({ queuedDays: 30, steps: 3, bakeDays: 0.1, updateMinutes: 8 });
    expect(status).toBe('SUCCEEDED');
    expect(days).toBeGreaterThan(30);
    expect(types.length).toBeLessThan(1500);
  });
});
