import { parseDefinition } from '../../../rehearsal/services/sfn/validate';
import { type AslState, reachable } from '../../support/asl';
import { evaluate, releaseMachine } from '../../support/workflow';

const GATES = 'arn:aws:states:eu-west-1:111122223333:stateMachine:gates';
const { machine, state, next } = releaseMachine({ gateMachineArn: GATES });

const assigned = (choice: string, to: string): Record<string, unknown> =>
  state(choice).Choices?.find((rule) => rule.Next === to)?.Assign ?? {};

describe('waiting for a turn', () => {
  test.each([
    [{ locked: true, plan: {} }, 'FirstRelease'],
    [{ locked: false, superseded: true }, 'Finish'],
    [{ locked: false, superseded: false, waitSeconds: 900 }, 'WaitForTurn'],
  ])('an answer %j leads to %s', async (registered, expected) => {
    await expect(next('HasLock', { registered })).resolves.toBe(expected);
  });

  test('goes by a token, for as long as the handler says, and asks again either way', async () => {
    const waiting = state('WaitForTurn');
    expect(waiting.Resource).toBe('arn:aws:states:::lambda:invoke.waitForTaskToken');
    await expect(evaluate(waiting.TimeoutSeconds, { registered: { waitSeconds: 7201 } })).resolves.toBe(7201);
    expect(waiting.Next).toBe('Register');
    expect(waiting.Catch).toMatchObject([
      { ErrorEquals: ['States.Timeout'], Next: 'Register' },
      { ErrorEquals: ['States.ALL'], Next: 'RollBack' },
    ]);
  });

  test('an endpoint that still keeps a release warm is restored by every way back from there', async () => {
    const restore = { first: false, endpointName: 'e', stableConfigName: 'live', restoreEndpoint: {} };
    const [rule] = state('HasLock').Choices ?? [];
    const variables = { registered: { locked: true, plan: { first: false, restore } } };
    await expect(evaluate(rule?.Condition, variables)).resolves.toBe(true);
    expect(rule?.Assign?.['endpointTouched']).toBe(true);
    await expect(evaluate(rule?.Assign?.['plan'], variables)).resolves.toEqual(restore);
    const rolledBack = { mode: 'live' };
    await expect(next('WhatToRestore', { rolledBack, endpointTouched: true, plan: restore })).resolves.toBe('BeginRestoring');
  });
});

describe('gates', () => {
  const inner = state('Gates').ItemProcessor?.States ?? {};
  const one = (name: string): AslState & { Output?: string } => {
    const found = inner[name];
    if (found === undefined) throw new Error(`no state ${name}`);
    return found;
  };

  test('are a part of the machine only where the charter names some', () => {
    expect(Object.keys(releaseMachine().machine.States)).not.toContain('Gates');
    expect(() => parseDefinition(JSON.stringify(machine), () => true)).not.toThrow();
    expect([...reachable(machine)].sort()).toEqual(Object.keys(machine.States).sort());
    expect(state('Dark').Next).toBe('GatesOwed');
    expect(releaseMachine().state('Dark').Next).toBe('ApprovalOwed');
  });

  test.each([
    [['smoke'], 'Gates'],
    [[], 'ApprovalOwed'],
  ])('of a release with gates %j: %s', async (gates, expected) => {
    await expect(next('GatesOwed', { release: { gates } })).resolves.toBe(expected);
  });

  test('start the runner for each and wait for its end; stopping the release stops it', () => {
    expect(one('RunGate')).toMatchObject({
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: GATES },
      TimeoutSeconds: 86_400,
    });
    // A gate that failed is not run again.
    expect(JSON.stringify(one('RunGate').Retry)).not.toMatch(/States\.(ALL|TaskFailed)/);
  });

  test('one that fails is kept with its reason, and the others still run', async () => {
    expect(one('RunGate').Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'KeepProblem' }]);
    const output = (one('RunGate').Catch?.[0] as { Output?: string } | undefined)?.Output;
    const states = {
      input: { name: 'smoke', index: 1 },
      context: { State: { EnteredTime: '2026-03-02T09:00:00Z' } },
      errorOutput: { Error: 'States.TaskFailed', Cause: 'boom' },
    };
    const given = await evaluate(output, { states });
    expect(given).toEqual({
      index: 1,
      startedAt: '2026-03-02T09:00:00Z',
      problem: 'The gate could not be run to its end: States.TaskFailed: boom',
    });
    const { Payload } = one('KeepProblem').Arguments as { Payload: string };
    const context = { Execution: { Input: { releaseId: 'r1' } } };
    await expect(evaluate(Payload, { states: { input: given, context } })).resolves.toEqual({
      action: 'keep-gate',
      releaseId: 'r1',
      ...(given as object),
    });
  });

  test('one that answers null is handed over as that', async () => {
    const states = { input: { index: 0 }, context: { State: { EnteredTime: 't' } }, result: { Output: null } };
    await expect(evaluate(one('RunGate').Output, { states })).resolves.toEqual({ index: 0, startedAt: 't', result: null });
  });

  test('each must pass; the first that did not names the stage, and all are told', async () => {
    const passed = { gate: 'smoke', passed: true, reason: 'fine' };
    const failed = (gate: string) => ({ gate, passed: false, reason: `${gate} is bad` });
    await expect(next('GatesPassed', { gateResults: [passed] })).resolves.toBe('ApprovalOwed');
    await expect(next('GatesPassed', { gateResults: [passed, failed('bias')] })).resolves.toBe('GateFailed');
    const ending = state('GateFailed').Assign?.['ending'];
    await expect(evaluate(ending, { gateResults: [passed, failed('bias')] })).resolves.toEqual({
      outcome: 'rejected',
      stage: 'gate:bias',
      reason: 'gate bias did not pass: bias is bad',
    });
    await expect(evaluate(ending, { gateResults: [failed('golden'), passed, failed('bias')] })).resolves.toMatchObject({
      stage: 'gate:golden',
      reason: 'gate golden did not pass: golden is bad; gate bias did not pass: bias is bad',
    });
  });
});

describe('an approval', () => {
  const approvals = { requiredRoles: ['risk'], deadlineMinutes: 60, onDeadline: 'reject' };
  const escalation = { afterMinutes: 45, roles: ['head'] };

  test.each([
    ['Approval', 'Escalate', 'SettleApproval'],
    ['InconclusiveApproval', 'EscalateInconclusive', 'SettleInconclusive'],
  ])('%s waits until its deadline; with an escalation further roles get the rest of the time', async (ask, escalate, settle) => {
    const minutes = (name: string, release: object): Promise<unknown> => evaluate(state(name).TimeoutSeconds, { release });
    await expect(minutes(ask, { approvals })).resolves.toBe(3600);
    await expect(minutes(ask, { approvals: { ...approvals, escalation } })).resolves.toBe(2700);
    await expect(minutes(escalate, { approvals: { ...approvals, escalation } })).resolves.toBe(900);
    await expect(next(`${escalate}Owed`, { release: { approvals: { ...approvals, escalation } } })).resolves.toBe(escalate);
    await expect(next(`${escalate}Owed`, { release: { approvals } })).resolves.toBe(settle);
    expect(state(escalate).Catch?.[0]).toMatchObject({ ErrorEquals: ['States.Timeout'], Next: settle });
  });

  test('is settled by the handler with the answer, if there was one', async () => {
    const { Payload } = state('SettleApproval').Arguments as { Payload: string };
    const states = { context: { Execution: { Input: { releaseId: 'r1' } } } };
    const settle = { action: 'settle', releaseId: 'r1', kind: 'release' };
    await expect(evaluate(Payload, { states, answer: {} })).resolves.toEqual(settle);
    await expect(evaluate(Payload, { states, answer: { answer: { approved: true } } })).resolves.toEqual({
      ...settle,
      answer: { approved: true },
    });
  });

  test('that was not given ends the release with the reason', async () => {
    await expect(next('Approved', { approval: { approved: false, reason: 'vetoed by risk' } })).resolves.toBe('Rejected');
    await expect(evaluate(state('Rejected').Assign?.['ending'], { approval: { reason: 'vetoed by risk' } })).resolves.toEqual({
      outcome: 'rejected',
      stage: 'approval',
      reason: 'vetoed by risk',
    });
  });

  test.each([
    [{ approved: true }, 'GrowForPromotion'],
    [{ approved: true, expired: true }, 'HeldRejected'],
    [{ approved: false, reason: 'no' }, 'HeldRejected'],
  ])('of an inconclusive canary that ends as %j leads to %s', async (approval, expected) => {
    await expect(next('HeldApproved', { approval })).resolves.toBe(expected);
  });
});

describe('capacity', () => {
  const variants = (a: number, b: number) => [
    { VariantName: 'a', CurrentInstanceCount: a },
    { VariantName: 'b', CurrentInstanceCount: b },
  ];
  const seen = (more: Record<string, unknown>, stable: number, candidate: number, status = 'InService'): Promise<unknown> =>
    evaluate(state('LookAtCapacity').Assign?.['capacity'], {
      plan: { candidate: { variantName: 'b' } },
      stepIndex: 0,
      growFor: 'step',
      release: { first: false, minInstances: 2, maxInstances: 50, steps: [{ weight: 0.05 }] },
      states: { result: { EndpointStatus: status, ProductionVariants: variants(stable, candidate) } },
      ...more,
    });

  test.each([
    [0.05, 2, 1],
    [0.5, 2, 1],
    [0.51, 2, 2],
    [0.5, 9, 5],
    [0.05, 40, 2],
  ])('a share of %d beside %d instances of stable needs %d', async (weight, stable, needs) => {
    const release = { first: false, minInstances: 2, maxInstances: 50, steps: [{ weight }] };
    await expect(seen({ release }, stable, 1)).resolves.toEqual({ status: 'InService', has: 1, needs });
  });

  test('a promotion needs all', async () => {
    await expect(seen({ growFor: 'promote' }, 7, 3)).resolves.toEqual({ status: 'InService', has: 3, needs: 7 });
    const few = { first: false, minInstances: 2, maxInstances: 5, steps: [] };
    await expect(seen({ growFor: 'promote', release: few }, 7, 3)).resolves.toMatchObject({ needs: 5 });
    await expect(
      seen({ growFor: 'promote', release: { first: false, minInstances: 4, maxInstances: 50, steps: [] } }, 1, 3),
    ).resolves.toMatchObject({
      needs: 4,
    });
  });

  test('a first release stands alone with all its instances', async () => {
    const release = { first: true, own: true, minInstances: 2, maxInstances: 50, steps: [{ weight: 1 }] };
    const states = { result: { EndpointStatus: 'InService', ProductionVariants: [{ VariantName: 'b', CurrentInstanceCount: 2 }] } };
    await expect(seen({ release, states }, 0, 0)).resolves.toEqual({ status: 'InService', has: 2, needs: 0 });
  });

  test.each([
    [{ has: 3, needs: 2 }, 'step', 'OpenStep'],
    [{ has: 2, needs: 2 }, 'promote', 'Promote'],
    [{ has: 1, needs: 2 }, 'step', 'NoteGrowth'],
    [{ has: 1, needs: 2 }, 'promote', 'NoteGrowth'],
  ])('%j for a %s leads to %s: nothing shrinks, and what suffices is not touched', async (capacity, growFor, expected) => {
    await expect(next('EnoughCapacity', { capacity, growFor })).resolves.toBe(expected);
  });

  test.each([
    [{ status: 'InService', has: 2, needs: 2 }, 3, 'OpenStep'],
    [{ status: 'Updating', has: 1, needs: 2 }, 3, 'WaitForCapacity'],
    [{ status: 'Updating', has: 1, needs: 2 }, 28, 'NoCapacity'],
    [{ status: 'InService', has: 1, needs: 2 }, 3, 'NoCapacity'],
    [{ status: 'Failed', has: 1, needs: 2 }, 3, 'NoCapacity'],
  ])('asked for, %j at look %i leads to %s', async (capacity, polls, expected) => {
    await expect(next('CapacityAsAsked', { capacity, polls, growFor: 'step' })).resolves.toBe(expected);
  });

  test('that is not to be had rolls back, as an incident', async () => {
    const variables = { growFor: 'step', stepIndex: 0, release: { steps: [{ weight: 0.5 }] } };
    const capacity = { status: 'InService', has: 1, needs: 5 };
    await expect(evaluate(state('NoCapacity').Assign?.['ending'], { ...variables, capacity })).resolves.toEqual({
      outcome: 'rolled-back',
      stage: 'canary:0.5',
      reason: 'the candidate got 1 of the 5 instances that it needs; the endpoint is InService',
      incident: 'failed-update',
    });
    expect(state('NoCapacity').Next).toBe('RollBack');
    for (const name of ['LookAtCapacity', 'NoteGrowth', 'AddCapacity', 'DescribeCapacity'])
      expect(state(name).Catch?.[0]?.Next).toBe('RollBack');
  });

  test('comes before the share, at every step and at the promotion', async () => {
    const before = (target: string): string[] =>
      Object.entries(machine.States)
        .filter(([, one]) => [one.Next, one.Default, ...(one.Choices ?? []).map((rule) => rule.Next)].includes(target))
        .map(([name]) => name);
    const looks = ['EnoughCapacity', 'CapacityAsAsked'];
    expect(before('OpenStep')).toEqual(looks);
    expect(before('Promote').filter((name) => looks.includes(name))).toEqual(looks);
    const capacity = { status: 'InService', has: 2, needs: 2 };
    await expect(next('CapacityAsAsked', { capacity, polls: 1, growFor: 'promote' })).resolves.toBe('Promote');
  });
});

describe('the rollback window', () => {
  test.each([
    [0, 'Settle'],
    [120, 'FinishWarm'],
  ])('of %i minutes leads from the live config to %s', async (keepWarmMinutes, expected) => {
    expect(state('CreateLiveConfig').Next).toBe('KeepWarm');
    await expect(next('KeepWarm', { release: { keepWarmMinutes } })).resolves.toBe(expected);
  });

  test.each([
    [{ takenBack: true }, 'WindowOver'],
    [{ warmUntil: '2026-03-02T11:00:00.000Z' }, 'WaitWarm'],
    [{ outcome: 'promoted' }, 'Tidy'],
  ])('finished as %j goes on with %s', async (finished, expected) => {
    await expect(next('WarmKept', { finished })).resolves.toBe(expected);
  });

  test('is waited for in one state, however long it is', async () => {
    const { Timestamp } = state('WaitWarm') as unknown as { Timestamp: string };
    await expect(evaluate(Timestamp, { warmUntil: '2026-03-02T11:00:00.000Z' })).resolves.toBe('2026-03-02T11:00:00.000Z');
  });

  test.each([
    ['settle', 'Settle'],
    ['delete', 'OldEndpointOwed'],
    ['later', 'TidyLater'],
    ['nothing', 'WindowOver'],
  ])('over with %s left to do goes on with %s', async (what, expected) => {
    await expect(next('WhatToTidy', { tidy: { do: what } })).resolves.toBe(expected);
  });

  test('where somebody else has the endpoint, only what nobody uses is deleted', async () => {
    const tidy = { do: 'delete', obsoleteConfigs: ['dark'], obsoleteModels: [], obsoleteEndpoints: ['old'], obsoleteComponents: [] };
    const plan = { endpointName: 'e', obsoleteConfigs: ['dark', 'live'], obsoleteModels: ['m'] };
    await expect(evaluate(assigned('WhatToTidy', 'OldEndpointOwed')['plan'], { tidy, plan })).resolves.toEqual({
      endpointName: 'e',
      obsoleteConfigs: ['dark'],
      obsoleteModels: [],
      obsoleteEndpoints: ['old'],
      obsoleteComponents: [],
    });
  });

  test('over settles the endpoint, or deletes the one that traffic came from', async () => {
    await expect(next('Settle', { plan: { own: true } })).resolves.toBe('OldEndpointOwed');
    await expect(next('Settle', { plan: { own: false } })).resolves.toBe('FreeBeforeUpdateEndpoint');
    await expect(next('OldEndpointOwed', { plan: { obsoleteEndpoints: ['old'] } })).resolves.toBe('DeleteOldComponents');
    await expect(next('OldEndpointOwed', { plan: { obsoleteEndpoints: [] } })).resolves.toBe('DeleteOld');
    await expect(next('OldEndpointOwed', { plan: {} })).resolves.toBe('DeleteOld');
  });

  test('a clean-up that finds nothing but the window waits for its end', async () => {
    await expect(next('WasPromoted', { promoted: true, window: { until: '2026-03-02T11:00:00.000Z' } })).resolves.toBe('WaitWarm');
    await expect(next('WasPromoted', { promoted: true, window: {} })).resolves.toBe('LookAtPromoted');
    await expect(evaluate(state('CleanUp').Assign?.['window'], { states: { result: { Payload: {} } } })).resolves.toEqual({});
  });
});

test('looks at an endpoint grow rare: two hours of them stay few', async () => {
  const { Seconds } = state('WaitForEndpoint') as unknown as { Seconds: string };
  const waits = await Promise.all(Array.from({ length: 28 }, (_, polls) => evaluate(Seconds, { polls }) as Promise<number>));
  expect(waits[0]).toBe(240);
  expect(Math.max(...waits)).toBe(300);
  const total = waits.reduce((sum, seconds) => sum + seconds, 0);
  expect(total).toBeGreaterThanOrEqual(7200);
  expect(total).toBeLessThan(9000);
});

describe('the way back', () => {
  const plan = { stableConfigName: 'live' };

  test.each([
    [{ status: 'InService', configName: 'live' }, 1, 'DeleteCandidate'],
    [{ status: 'InService', configName: 'dark' }, 1, 'FreeBeforeRestoreEndpoint'],
    [{ status: 'Updating', configName: 'live' }, 1, 'WaitToRestore'],
    [{ status: 'Updating', configName: 'live' }, 79, 'WaitToRestore'],
    [{ status: 'Updating', configName: 'live' }, 80, 'FreeBeforeRestoreEndpoint'],
    [{ status: 'Failed', configName: 'dark' }, 1, 'FreeBeforeRestoreEndpoint'],
  ])('finds the endpoint as %j at look %i and goes on with %s', async (endpoint, polls, expected) => {
    await expect(next('StillStable', { endpoint, polls, plan })).resolves.toBe(expected);
  });

  test.each([
    [{ status: 'InService', configName: 'live' }, 1, 'DeleteCandidate'],
    [{ status: 'Updating', configName: 'dark' }, 79, 'WaitForRestored'],
    [{ status: 'Updating', configName: 'dark' }, 80, 'NotRestored'],
    [{ status: 'InService', configName: 'dark' }, 1, 'FreeBeforeRestoreEndpoint'],
    [{ status: 'UpdateRollbackFailed', configName: 'dark' }, 1, 'NotRestored'],
  ])('asked for stable alone, %j at look %i leads to %s', async (endpoint, polls, expected) => {
    await expect(next('RestoredAsAsked', { endpoint, polls, plan, restores: 3 })).resolves.toBe(expected);
  });

  test('is tried four times where SageMaker undoes it', async () => {
    const endpoint = { status: 'InService', configName: 'dark' };
    await expect(next('RestoredAsAsked', { endpoint, polls: 1, plan, restores: 4 })).resolves.toBe('NotRestored');
    await expect(evaluate(state('RestoreEndpoint').Assign?.['restores'], { restores: 3 })).resolves.toBe(4);
  });

  test('waits for nine hours, longer than any deployment takes, with a look each minute at first', async () => {
    const { Seconds } = state('WaitToRestore') as unknown as { Seconds: string };
    const waits = await Promise.all(Array.from({ length: 80 }, (_, polls) => evaluate(Seconds, { polls }) as Promise<number>));
    expect(waits.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 60));
    expect(waits.reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThanOrEqual(9 * 3600);
  });
});

describe('before each update of an endpoint in service scaling lets go of it', () => {
  const updates = [
    'AddCandidate',
    'AddCapacity',
    'AddShadow',
    'LeaveShadow',
    'TakeOffCandidate',
    'StartGuarded',
    'UpdateEndpoint',
    'RestoreEndpoint',
  ];

  test.each(updates)('%s is entered no other way', (update) => {
    const entries = Object.entries(machine.States).filter(
      ([, from]) => JSON.stringify(from).includes(`"Next":"${update}"`) || from['Default'] === update,
    );
    const own = entries.filter(([name]) => name.startsWith(`FreeBefore${update}`));
    expect(own.length).toBeGreaterThan(0);
    expect(entries.map(([name]) => name)).toEqual(own.map(([name]) => name));
  });

  test.each([
    [{ freed: { mayBeBusy: false } }, 'FreeBeforeAddCandidateMayBeBusy', 'AddCandidate'],
    [{ freed: { mayBeBusy: true } }, 'FreeBeforeAddCandidateMayBeBusy', 'FreeBeforeAddCandidateLook'],
    [{ endpoint: { status: 'Updating' }, polls: 3 }, 'FreeBeforeAddCandidateIs', 'FreeBeforeAddCandidateWait'],
    [{ endpoint: { status: 'Updating' }, polls: 28 }, 'FreeBeforeAddCandidateIs', 'AddCandidate'],
    [{ endpoint: { status: 'InService' }, polls: 3 }, 'FreeBeforeAddCandidateIs', 'AddCandidate'],
  ])('%j in %s leads to %s', async (variables, from, to) => {
    expect(await next(from, variables)).toBe(to);
  });

  test('on the way back what fails there stops nothing', () => {
    for (const name of ['FreeBeforeRestoreEndpoint', 'FreeBeforeRestoreEndpointLook'])
      expect(state(name).Catch?.map((caught) => caught.Next)).toEqual(['RestoreEndpoint']);
  });
});
