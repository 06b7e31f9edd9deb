import jsonata from 'jsonata';
import { releaseDefinition } from '../../../lib/release/release-definition';
import type { Asl, AslState } from '../../support/asl';

const machine = releaseDefinition({
  stepArn: 'arn:aws:lambda:eu-west-1:111122223333:function:step',
  approvalArn: 'arn:aws:lambda:eu-west-1:111122223333:function:approval',
  rollbackArn: 'arn:aws:lambda:eu-west-1:111122223333:function:rollback',
  topicArn: 'arn:aws:sns:eu-west-1:111122223333:topic',
  runbooksUrl: 'https://runbooks.example.com',
  useCaseName: 'support-triage',
  decidingRoles: ['process'],
}) as unknown as Asl;

const state = (name: string): AslState & Record<string, unknown> => {
  const found = machine.States[name];
  if (found === undefined) throw new Error(`no state ${name}`);
  return found as AslState & Record<string, unknown>;
};

const evaluate = (expression: unknown, variables: Record<string, unknown>): Promise<unknown> =>
  jsonata(String(expression).replace(/^\{%|%\}$/g, '')).evaluate(undefined, variables) as Promise<unknown>;

const next = async (choice: string, variables: Record<string, unknown>): Promise<string | undefined> => {
  for (const rule of state(choice).Choices ?? []) if ((await evaluate(rule.Condition, variables)) === true) return rule.Next;
  return state(choice).Default;
};

const PLAN = {
  darkConfigName: 'dark',
  liveConfigName: 'live',
  stableConfigName: 'stable',
  endpoint: { EndpointConfigName: 'dark' },
  restoreEndpoint: { EndpointConfigName: 'stable' },
  shadow: { configName: 'shadow' },
};

describe('a shadow phase', () => {
  test('comes before traffic, where it is owed', async () => {
    expect(await next('ShadowOwed', { release: { shadowMinutes: 60 } })).toBe('CreateShadowConfig');
    expect(await next('ShadowOwed', { release: { shadowMinutes: 0 } })).toBe('StrategyChosen');
  });

  test.each([
    ['advance', 'FreeBeforeLeaveShadow'],
    ['hold', 'HoldShadow'],
    ['roll-back', 'ShadowFailed'],
    ['promote', 'ShadowFailed'],
  ])('%s leads to %s', async (decision, expected) => {
    expect(await next('ShadowDecided', { step: { decision } })).toBe(expected);
  });

  test.each([
    ['canary', 'dark'],
    ['all-at-once', 'dark'],
    ['blue-green', 'stable'],
  ])('before %s the endpoint goes to %s', async (strategy, config) => {
    const variables = { release: { strategy }, plan: PLAN };
    expect(await evaluate(state('LeaveShadow')['Arguments'], variables)).toEqual({ EndpointConfigName: config });
    const endpoint = { status: 'InService', configName: config };
    expect(await next('AfterShadowAsAsked', { ...variables, endpoint, polls: 1 })).toBe('DeleteShadow');
    expect(await next('AfterShadowAsAsked', { ...variables, endpoint: { ...endpoint, configName: 'other' }, polls: 1 })).toBe(
      'AfterShadowNotAsAsked',
    );
  });

  test('is judged with a heartbeat, under a stage of its own', async () => {
    const opened = state('OpenShadow');
    expect(opened['HeartbeatSeconds']).toBe(300);
    expect(await evaluate(opened['TimeoutSeconds'], { release: { shadowMinutes: 60 } })).toBe(90_000);
    const ending = await evaluate((state('ShadowFailed')['Assign'] as { ending: string }).ending, {
      step: { reason: 'they disagree', culprit: 'shadow-agreement' },
    });
    expect(ending).toEqual({ outcome: 'rolled-back', stage: 'shadow', reason: 'they disagree', culprit: 'shadow-agreement' });
  });

  test('without a verdict it goes on only when owners decided so, and in time', async () => {
    expect(await next('ShadowHeldApproved', { approval: { approved: true } })).toBe('FreeBeforeLeaveShadow');
    expect(await next('ShadowHeldApproved', { approval: { approved: true, expired: true } })).toBe('ShadowHeldRejected');
    expect(await next('ShadowHeldApproved', { approval: { approved: false } })).toBe('ShadowHeldRejected');
  });
});

describe('a blue/green deployment', () => {
  test('is chosen before steps are counted', async () => {
    expect(await next('StrategyChosen', { release: { strategy: 'blue-green', steps: [] } })).toBe('GuardedRollout');
    expect(await next('StrategyChosen', { release: { strategy: 'all-at-once', steps: [] } })).toBe('GrowForPromotion');
    expect(await next('StrategyChosen', { release: { strategy: 'canary', steps: [{}] } })).toBe('GrowForStep');
  });

  test('begins with stable alone', async () => {
    expect(await next('GuardedRollout', { release: { shadowMinutes: 0 } })).toBe('FreeBeforeTakeOffCandidate');
    expect(await next('GuardedRollout', { release: { shadowMinutes: 30 } })).toBe('Guard');
  });

  test.each([
    ['the new fleet has taken over', { status: 'InService', configName: 'live' }, 3, 'Promote'],
    ['SageMaker went back', { status: 'InService', configName: 'stable' }, 3, 'GuardedWentBack'],
    ['it goes on', { status: 'Updating', configName: 'stable' }, 3, 'WaitForGuarded'],
    ['it goes back', { status: 'RollingBack', configName: 'stable' }, 3, 'WaitForGuarded'],
    ['it went wrong', { status: 'UpdateRollbackFailed', configName: 'stable' }, 3, 'GuardedNotAsAsked'],
    ['it never ends', { status: 'Updating', configName: 'stable' }, 80, 'GuardedNotAsAsked'],
  ])('%s', async (_, endpoint, polls, expected) => {
    expect(await next('GuardedAsAsked', { endpoint, polls, plan: PLAN })).toBe(expected);
  });

  test('eight hours are seen in few looks: a history stays short', async () => {
    let seconds = 0;
    let looks = 0;
    while (seconds < 8 * 3600) {
      seconds += Number(await evaluate(state('WaitForGuarded')['Seconds'], { polls: looks }));
      looks += 1;
    }
    expect(looks).toBeLessThan(80);
    // A wait, a task and a choice.
    expect(looks * 9).toBeLessThan(600);
  });

  test('says what SageMaker said', async () => {
    const { ending } = state('GuardedWentBack')['Assign'] as { ending: string };
    expect(await evaluate(ending, { endpoint: { failureReason: 'alarms' } })).toMatchObject({
      stage: 'blue-green',
      reason: 'SageMaker went back to the old fleet: alarms',
    });
    expect(await evaluate(ending, { endpoint: { failureReason: '' } })).toMatchObject({
      reason: 'SageMaker went back to the old fleet without saying why',
    });
  });

  test('needs no further update once it is promoted', async () => {
    expect(await next('StandsAlone', { plan: PLAN, release: { strategy: 'blue-green' } })).toBe('DeleteOld');
    expect(await next('StandsAlone', { plan: PLAN, release: { strategy: 'canary' } })).toBe('CreateLiveConfig');
  });
});
