import { parseDefinition } from '../../../rehearsal/services/sfn/validate';
import { reachable, targetsOf } from '../../support/asl';
import { evaluate, releaseMachine } from '../../support/workflow';

const { machine, state, next } = releaseMachine();
const tasks = Object.entries(machine.States).filter(([, { Type }]) => Type === 'Task' || Type === 'Map');

describe('the release workflow', () => {
  test('is JSONata that the interpreter of the rehearsal accepts', () => {
    expect(machine.QueryLanguage).toBe('JSONata');
    expect(() => parseDefinition(JSON.stringify(machine), () => true)).not.toThrow();
  });

  test('has no field of JSONPath', () => {
    expect(JSON.stringify(machine)).not.toMatch(/"(InputPath|OutputPath|ResultPath|ResultSelector|Parameters|ItemsPath|Variable)"|\.\$":/);
  });

  test('names only states that exist, and reaches all of them', () => {
    const names = Object.keys(machine.States);
    for (const name of names) for (const target of targetsOf(state(name))) expect(names).toContain(target);
    expect([...reachable(machine)].sort()).toEqual(names.sort());
  });

  test('catches every error in every task and map', () => {
    for (const [name, { Catch }] of tasks) {
      expect({ name, caught: Catch?.at(-1)?.ErrorEquals }).toEqual({ name, caught: ['States.ALL'] });
    }
  });

  test('begins with the clean-up when it is started for one', async () => {
    const started = (input: object) => ({ states: { context: { Execution: { Input: input } } } });
    expect(await next('Entry', started({ releaseId: 'r1' }))).toBe('Register');
    expect(await next('Entry', started({ releaseId: 'r1', cleanUp: { reason: 'x' } }))).toBe('CleanUp');
    expect(await next('WasPromoted', { promoted: false })).toBe('RollBack');
    expect(await next('WasPromoted', { promoted: true })).toBe('LookAtPromoted');
  });

  test('creates an endpoint only under a free name, for which it waits', async () => {
    const gone = "SageMaker.SageMakerException: Could not find endpoint 'x'";
    expect(await next('NameIsFree', { problem: gone })).toBe('CreateEndpoint');
    expect(await next('NameIsFree', { problem: 'AccessDeniedException' })).toBe('RollBack');
    expect(await next('NameIsTaken', { endpoint: { status: 'Deleting' }, polls: 3 })).toBe('WaitForName');
    expect(await next('NameIsTaken', { endpoint: { status: 'Deleting' }, polls: 28 })).toBe('NameStaysTaken');
    expect(await next('NameIsTaken', { endpoint: { status: 'InService' }, polls: 1 })).toBe('RollBack');
  });

  test('promotes again when the answer was lost, unless it was refused', () => {
    expect(state('Promote').Retry).toEqual([
      { ErrorEquals: ['ReleaseRefused'], MaxAttempts: 0 },
      expect.objectContaining({ ErrorEquals: ['States.ALL'] }),
    ]);
  });

  test('goes forward when the release that is rolled back turns out to be stable', async () => {
    const rolledBack = { mode: 'live', promoted: true };
    expect(await next('WhatToRestore', { rolledBack, endpointTouched: true, plan: { first: true, own: true } })).toBe('Drain');
    expect(await next('WhatToRestore', { rolledBack: { mode: 'live' }, endpointTouched: true, plan: { first: true, own: true } })).toBe(
      'LookForEndpoint',
    );
  });

  test('retries every call', () => {
    for (const [name, { Type, Retry }] of tasks)
      if (Type === 'Task') expect({ name, retries: (Retry ?? []).length > 0 }).toEqual({ name, retries: true });
  });

  test('rolls back whatever fails before the promotion, and nothing after it', () => {
    const afterPromotion = [
      ...['CreateLiveConfig', 'FinishWarm', 'Tidy', 'FreeBeforeUpdateEndpoint', 'FreeBeforeUpdateEndpointLook'],
      ...['UpdateEndpoint', 'DescribeLive', 'DeleteOld', 'DeleteOldModels', 'DeleteOldComponents', 'DeleteOldEndpoints'],
    ];
    const wayBack = [
      'CleanUp',
      'LookBeforeCreate',
      'LookAtPromoted',
      'RollBack',
      'LookAtEndpoint',
      'FreeBeforeRestoreEndpoint',
      'FreeBeforeRestoreEndpointLook',
      'RestoreEndpoint',
      'DescribeRestored',
      'LookForEndpoint',
      'DeleteComponent',
      'DeleteEndpoint',
      'DeleteCandidate',
      'DeleteCandidateModels',
      'PageBeforeKill',
      'KillSwitch',
      'PageOwner',
      'Finish',
      'PageNoEvidence',
    ];
    for (const [name, { Catch }] of tasks) {
      const target = Catch?.at(-1)?.Next;
      if (afterPromotion.includes(name)) expect({ name, target }).toEqual({ name, target: 'PageOwner' });
      else if (!wayBack.includes(name)) expect({ name, target }).toEqual({ name, target: 'RollBack' });
    }
  });

  test('turns the kill switch on when the rollback itself fails, after the owner was paged', () => {
    for (const name of ['RollBack', 'LookAtEndpoint', 'RestoreEndpoint', 'DescribeRestored', 'DeleteEndpoint']) {
      expect(state(name).Catch?.at(-1)?.Next).toBe('PageBeforeKill');
    }
    expect(state('PageBeforeKill').Next).toBe('KillSwitch');
    expect(JSON.stringify(state('KillSwitch').Arguments)).toContain("'kill': true");
  });

  test('waits for a verdict with a heartbeat of five minutes and a bounded time', async () => {
    expect(state('OpenStep').HeartbeatSeconds).toBe(300);
    await expect(evaluate(state('OpenStep').TimeoutSeconds, { release: { maxDurationMinutes: 60 } })).resolves.toBe(7200);
  });

  test('waits for an approval until its deadline, and then does what the charter says', async () => {
    const approvals = { requiredRoles: ['risk'], deadlineMinutes: 30, onDeadline: 'reject' };
    await expect(evaluate(state('Approval').TimeoutSeconds, { release: { approvals } })).resolves.toBe(1800);
    expect(state('Approval').Catch?.[0]).toMatchObject({ ErrorEquals: ['States.Timeout'], Next: 'EscalateOwed', Assign: { answer: {} } });
    await expect(next('EscalateOwed', { release: { approvals } })).resolves.toBe('SettleApproval');
  });

  test.each([
    ['one role', ['risk'], 'Approval'],
    ['no role', [], 'ShadowOwed'],
  ])('asks for an approval where one is owed: %s', async (_what, requiredRoles, expected) => {
    await expect(next('ApprovalOwed', { release: { approvals: { requiredRoles } } })).resolves.toBe(expected);
  });

  test.each([
    [{ decision: 'advance' }, 0, 'GrowForStep'],
    [{ decision: 'advance' }, 1, 'StepFailed'],
    [{ decision: 'promote' }, 1, 'GrowForPromotion'],
    [{ decision: 'hold' }, 1, 'Hold'],
    [{ decision: 'roll-back' }, 0, 'StepFailed'],
    [{ decision: 'anything else' }, 0, 'StepFailed'],
  ])('after the verdict %j on step %i of two comes %s', async (step, stepIndex, expected) => {
    await expect(next('StepDecided', { step, stepIndex, release: { steps: [{}, {}] } })).resolves.toBe(expected);
  });

  test.each([
    ['InService', 'dark', 'ComponentOwed'],
    ['InService', 'another', 'NotAsAsked'],
    ['Updating', 'stable', 'WaitForEndpoint'],
    ['Failed', 'stable', 'NotAsAsked'],
    ['UpdateRollbackFailed', 'stable', 'NotAsAsked'],
  ])('an endpoint that is %s with config %s leads to %s', async (status, configName, expected) => {
    const variables = { endpoint: { status, configName }, plan: { darkConfigName: 'dark' }, polls: 3 };
    await expect(next('EndpointAsAsked', variables)).resolves.toBe(expected);
  });

  test('gives up on an endpoint that does not become ready within two hours', async () => {
    const variables = { endpoint: { status: 'Updating', configName: 'stable' }, plan: { darkConfigName: 'dark' }, polls: 28 };
    await expect(next('EndpointAsAsked', variables)).resolves.toBe('NotAsAsked');
  });

  test.each([
    [{ mode: 'killed' }, true, false, 'Finish'],
    [{ mode: 'live' }, false, false, 'DeleteCandidate'],
    [{ mode: 'live' }, true, false, 'BeginRestoring'],
    [{ mode: 'baseline' }, true, true, 'LookForEndpoint'],
  ])(
    'a rollback in mode %j, endpoint touched %s, endpoint of its own %s, goes on with %s',
    async (rolledBack, endpointTouched, own, expected) => {
      await expect(next('WhatToRestore', { rolledBack, endpointTouched, plan: { own } })).resolves.toBe(expected);
    },
  );

  test('a first release whose endpoint was never made is no failed rollback', async () => {
    await expect(next('NeverMade', { problem: 'SageMaker.SageMakerException: Could not find endpoint "x".' })).resolves.toBe(
      'DeleteCandidate',
    );
    await expect(next('NeverMade', { problem: 'SageMaker.SageMakerException: Rate exceeded' })).resolves.toBe('PageBeforeKill');
  });

  test('tells the end with the culprit, and with the config that was last seen', async () => {
    const states = { context: { Execution: { Input: { releaseId: 'r7-3f2a9c1b' } } } };
    const { Payload } = state('Finish').Arguments as { Payload: string };
    const ending = { outcome: 'rolled-back', stage: 'canary:0.05', reason: 'worse', culprit: 'missed-spam' };
    await expect(evaluate(Payload, { states, ending, endpoint: { status: 'InService', configName: 'live' } })).resolves.toEqual({
      action: 'finish',
      releaseId: 'r7-3f2a9c1b',
      ...ending,
      endpointConfigName: 'live',
    });
    await expect(evaluate(Payload, { states, ending: { outcome: 'promoted' }, endpoint: {} })).resolves.toEqual({
      action: 'finish',
      releaseId: 'r7-3f2a9c1b',
      outcome: 'promoted',
    });
  });

  test('names the stage and the culprit of a failed step', async () => {
    const step = { decision: 'roll-back', reason: 'missed-spam is worse', culprit: 'missed-spam' };
    const variables = { step, stepIndex: 0, release: { steps: [{ weight: 0.05 }] } };
    await expect(evaluate(state('StepFailed').Assign?.['ending'], variables)).resolves.toEqual({
      outcome: 'rolled-back',
      stage: 'canary:0.05',
      reason: 'missed-spam is worse',
      culprit: 'missed-spam',
    });
  });

  test('deletes a candidate once where both of its configs are one', async () => {
    const items = (state('DeleteCandidate') as unknown as { Items: string }).Items;
    await expect(evaluate(items, { plan: { darkConfigName: 'x', liveConfigName: 'x' } })).resolves.toEqual(['x']);
    await expect(evaluate(items, { plan: { darkConfigName: 'x', liveConfigName: 'y' } })).resolves.toEqual(['x', 'y']);
    await expect(evaluate(items, { plan: {} })).resolves.toEqual([]);
  });
});
