import jsonata from 'jsonata';
import { teardownDefinition } from '../../../lib/release/teardown-definition';
import { parseDefinition } from '../../../rehearsal/services/sfn/validate';
import { type Asl, reachable, targetsOf } from '../../support/asl';

const machine = teardownDefinition({
  stepArn: 'arn:aws:lambda:eu-west-1:111122223333:function:step',
  topicArn: 'arn:aws:sns:eu-west-1:111122223333:topic',
  runbooksUrl: 'https://runbooks.example.com',
  useCaseName: 'support-triage',
}) as unknown as Asl;

const evaluate = (expression: unknown, variables: Record<string, unknown>): Promise<unknown> =>
  jsonata(String(expression).replace(/^\{%|%\}$/g, '')).evaluate(undefined, variables) as Promise<unknown>;

const next = async (choice: string, variables: Record<string, unknown>): Promise<string | undefined> => {
  for (const rule of machine.States[choice]?.Choices ?? []) if ((await evaluate(rule.Condition, variables)) === true) return rule.Next;
  return machine.States[choice]?.Default;
};

const nothing = { releases: [], endpoints: [], endpointConfigs: [], models: [] };

describe('the teardown workflow', () => {
  test('is JSONata that the interpreter of the rehearsal accepts', () => {
    expect(() => parseDefinition(JSON.stringify(machine), () => true)).not.toThrow();
  });

  test('names only states that exist, and reaches all of them', () => {
    const names = Object.keys(machine.States);
    for (const state of Object.values(machine.States)) for (const target of targetsOf(state)) expect(names).toContain(target);
    expect([...reachable(machine)].sort()).toEqual(names.sort());
  });

  test('catches every error in every task and map', () => {
    for (const [name, { Type, Catch }] of Object.entries(machine.States)) {
      if (Type === 'Task' || Type === 'Map') expect({ name, caught: Catch?.at(-1)?.ErrorEquals }).toEqual({ name, caught: ['States.ALL'] });
    }
  });

  test.each([
    [{ releases: [{}], endpoints: ['e'] }, 'EndReleases'],
    [{ endpoints: ['e'], endpointConfigs: ['c'] }, 'DeleteEndpoints'],
    [{ endpointConfigs: ['c'], models: ['m'] }, 'DeleteConfigs'],
    [{ restoreEndpoint: {}, endpointBusy: false, endpointConfigs: ['dark'] }, 'RestoreEndpoint'],
    [{ restoreEndpoint: {}, endpointBusy: true, endpointConfigs: ['dark'] }, 'WaitForDeletion'],
    [{ restoreEndpoint: {}, endpointBusy: false }, 'RestoreEndpoint'],
    [{}, 'AnswerOwed'],
  ])('with %j left goes on with %s', async (left, expected) => {
    await expect(next('WhatIsLeft', { left: { ...nothing, ...left }, round: 1 })).resolves.toBe(expected);
  });

  test('gives up and says what is left before CloudFormation gives up', async () => {
    await expect(next('WhatIsLeft', { left: { ...nothing, endpoints: ['stuck'] }, round: 91 })).resolves.toBe('TeardownFailed');
    const rule = machine.States['WhatIsLeft']?.Choices?.find((choice) => choice.Next === 'TeardownFailed');
    expect(rule?.Assign).toMatchObject({ status: 'FAILED' });
    await expect(evaluate(rule?.Assign?.['reason'], { left: { ...nothing, endpoints: ['stuck'] } })).resolves.toContain('stuck');
  });

  test('answers CloudFormation only where it asked', async () => {
    await expect(next('AnswerOwed', { answer: { responseUrl: 'https://x' } })).resolves.toBe('AnswerCloudFormation');
    await expect(next('AnswerOwed', { answer: {} })).resolves.toBe('Ended');
    const { Payload } = machine.States['AnswerCloudFormation']?.Arguments as { Payload: string };
    const answer = { responseUrl: 'https://x', stackId: 's', requestId: 'r', logicalResourceId: 'l', physicalResourceId: 'p' };
    await expect(evaluate(Payload, { answer, status: 'SUCCESS', reason: 'nothing is left' })).resolves.toEqual({
      ...answer,
      action: 'answer-cloudformation',
      status: 'SUCCESS',
      reason: 'nothing is left',
    });
  });

  test.each([
    ['kill', 'killed'],
    ['delete', 'withdrawn'],
  ])('ends releases under way after a %s as %s', async (kind, outcome) => {
    await expect(evaluate(machine.States['Begin']?.Assign?.['outcome'], { states: { input: { kind } } })).resolves.toBe(outcome);
  });
});
