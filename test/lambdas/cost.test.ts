import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { ledgerKeys } from '../../core/contracts';
import { answer } from '../../lambdas/cost/answer';
import { type CostParts, look } from '../../lambdas/cost/look';
import { waiveOrders } from '../../lambdas/shared/cost-orders';
import { BUDGET, ENDPOINT, HOUR, oneInstance, PREFIX, scene } from './cost-scene';
import { fakeClient, START } from './support';

const namesOf = (sent: { name: string }[]): string[] => sent.map(({ name }) => name);

describe('a look', () => {
  test('finds nothing before the first deploy', async () => {
    const the = await scene({}, undefined);
    await the.ledger.delete(ledgerKeys.control());
    expect(await the.lookAt(0)).toEqual({ looked: false, done: [] });
    expect(the.asked).toEqual([]);
  });

  test('counts from the look before, and publishes by arm', async () => {
    const the = await scene();
    await the.lookAt(0);
    await the.lookAt(60);
    expect(the.spent()).toBe(1);
    expect(the.state()).toMatchObject({ perHour: { stable: 1 }, prices: { 'ml.g5.xlarge': 1 } });
    expect(the.lines.slice(-2)).toEqual([
      {
        dimensions: { Arm: 'stable' },
        values: [
          ['CostPerHour', 'None', 1],
          ['Cost', 'None', 1],
        ],
      },
      {
        dimensions: {},
        values: [
          ['MonthToDate', 'None', 1],
          ['UnpricedInstanceHours', 'None', 0],
        ],
      },
    ]);
  });

  test('asks little of a settled endpoint: what its config runs on is known, others are listed once an hour', async () => {
    const the = await scene();
    await the.lookAt(0);
    expect(namesOf(the.asked)).toEqual(['ListEndpoints', 'DescribeEndpoint', 'DescribeEndpointConfig']);
    the.asked.length = 0;
    const before = the.sent.length;
    await the.lookAt(5);
    expect(namesOf(the.asked)).toEqual(['DescribeEndpoint']);
    expect(namesOf(the.sent.slice(before))).toEqual(['BatchGetItem', 'PutItem']);
    the.asked.length = 0;
    await the.lookAt(60);
    expect(namesOf(the.asked)).toEqual(['ListEndpoints', 'DescribeEndpoint']);
  });

  test.each([
    ['while a release is under way', { lockedBy: 'r2-00000002' }],
    ['after a kill', { mode: 'killed' as const }],
  ])('finds endpoints that the control record does not name, %s', async (_what, control) => {
    const the = await scene({}, control);
    the.aws.endpoints[`${PREFIX}-r2-00000002`] = oneInstance('c2');
    the.aws.endpoints['somebody-elses'] = oneInstance('c1', 'a', 50);
    the.aws.configs['c2'] = { ProductionVariants: [{ VariantName: 'a', InstanceType: 'ml.g5.2xlarge' }] };
    await the.lookAt(0);
    await the.lookAt(60);
    expect(the.spent()).toBe(5);
  });

  test('counts an endpoint that was left behind at every look once it was found, until it is gone', async () => {
    const the = await scene();
    const left = `${PREFIX}-r0-00000000`;
    the.aws.endpoints[left] = { ...oneInstance('c2'), LastModifiedTime: new Date(START - HOUR) };
    the.aws.configs['c2'] = { ProductionVariants: [{ VariantName: 'a', InstanceType: 'ml.g5.2xlarge' }] };
    for (let minutes = 0; minutes <= 600; minutes += 5) await the.lookAt(minutes);
    expect(the.spent()).toBeCloseTo(10 * (1 + 4));
    delete the.aws.endpoints[left];
    the.asked.length = 0;
    await the.lookAt(605);
    await the.lookAt(610);
    expect(namesOf(the.asked)).toEqual(['DescribeEndpoint', 'DescribeEndpoint', 'DescribeEndpoint']);
    expect(the.state().meter.fleet).toHaveLength(1);
  });

  test('counts the fleet of an update, shadows, and the type that a pool has provided', async () => {
    const the = await scene({}, { lockedBy: 'r2-00000002' });
    the.aws.configs['c2'] = {
      ProductionVariants: [{ VariantName: 'b' }],
      ShadowProductionVariants: [{ VariantName: 's', InstanceType: 'ml.g5.2xlarge' }],
    };
    the.aws.endpoints[ENDPOINT] = {
      ...oneInstance(),
      EndpointStatus: 'Updating',
      PendingDeploymentSummary: {
        EndpointConfigName: 'c2',
        ProductionVariants: [
          {
            VariantName: 'b',
            CurrentInstanceCount: 1,
            InstancePools: [
              { InstanceType: 'ml.g5.xlarge', CurrentInstanceCount: 0 },
              { InstanceType: 'ml.g5.2xlarge', CurrentInstanceCount: 1 },
            ],
          },
        ],
        ShadowProductionVariants: [{ VariantName: 's', CurrentInstanceCount: 2 }],
      },
    };
    await the.lookAt(0);
    await the.lookAt(60);
    expect(the.state().meter.monthLines.map(({ arm, what, amount }) => [arm, what, amount])).toEqual([
      ['stable', 'ml.g5.xlarge', 1],
      ['candidate', 'ml.g5.2xlarge', 12],
    ]);
  });

  test('of a config that is gone: the instances are there, of a type without a price', async () => {
    const the = await scene();
    the.aws.configs = {};
    await the.lookAt(0);
    expect(await the.lookAt(60)).toMatchObject({ unpriced: ['unknown instance type'], monthToDate: 0 });
    expect(the.lines.at(-1)?.values).toContainEqual(['UnpricedInstanceHours', 'None', 1]);
  });

  test('of a serverless endpoint counts what its requests took', async () => {
    const the = await scene();
    the.aws.configs['c1'] = { ProductionVariants: [{ VariantName: 'a', ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } }] };
    the.aws.endpoints[ENDPOINT] = {
      ...oneInstance(),
      ProductionVariants: [{ VariantName: 'a', CurrentServerlessConfig: { MemorySizeInMB: 2048 } }],
    };
    await the.lookAt(0);
    the.aws.metrics['ModelLatency'] = 50_000_000;
    await the.lookAt(10);
    expect(the.state().meter.monthLines).toMatchObject([{ what: 'serverless-2048', seconds: 50 }]);
    expect(the.spent()).toBeCloseTo(0.01);
  });

  test('any other error of SageMaker fails: nothing is taken for gone', async () => {
    const the = await scene();
    the.parts.sagemaker = { send: () => Promise.reject(new Error('throttled')) } as unknown as SageMakerClient;
    await expect(the.lookAt(0)).rejects.toThrow('throttled');
  });
});

describe('two looks at once', () => {
  test('count once', async () => {
    const the = await scene();
    await the.lookAt(0);
    the.clock.millis = START + HOUR;
    // The second one comes while the first one is about to write.
    the.before('PutItem', async () => void (await look(the.parts, undefined)));
    await look(the.parts, undefined);
    expect(the.spent()).toBe(1);
    const costs = the.lines.filter(({ dimensions }) => dimensions['Arm'] === 'stable').map(({ values }) => values[1]?.[2]);
    expect(costs.reduce<number>((sum, value) => sum + Number(value), 0)).toBe(1);
  });

  test('tell once', async () => {
    const the = await scene({ policy: { ...BUDGET, onExceeded: 'notify' } });
    await the.lookAt(0);
    the.clock.millis = START + 11 * HOUR;
    the.before('PutItem', async () => void (await look(the.parts, undefined)));
    await look(the.parts, undefined);
    expect(the.told.filter(({ event }) => event === 'BudgetExceeded')).toHaveLength(1);
  });

  test('whoever loses over and over gives up in words', async () => {
    const the = await scene();
    the.parts.ledger.put = async () => false;
    await expect(the.lookAt(0)).rejects.toThrow('could not be written in 6 attempts');
  });
});

describe('a budget that is used up', () => {
  const used = async (more: Partial<CostParts> = {}) => {
    const the = await scene({ policy: BUDGET, ...more });
    await the.lookAt(0);
    return the;
  };

  test('kills, tells, opens an incident, and does it once', async () => {
    const the = await used();
    expect((await the.lookAt(660)).done).toEqual(['orders', 'kill', 'tell', 'tell', 'incident']);
    expect(the.killed).toEqual([expect.stringContaining('11.00 USD of 10.00 USD')]);
    expect(the.incidents()).toMatchObject([{ id: 'i-budget-2026-03-exceeded', openedBy: 'cost-guard' }]);
    expect(the.item(ledgerKeys.costOrders())).toMatchObject({ orders: [{ action: 'kill' }] });
    expect((await the.lookAt(665)).done).toEqual([]);
    expect(the.state().owed).toEqual([]);
    expect(the.killed).toHaveLength(1);
  });

  test('what fails is done at a later look, once nobody is at it; the rest is not done again', async () => {
    let failing = true;
    const killed: string[] = [];
    const kill = async (reason: string) => {
      if (failing) throw new Error('no answer');
      killed.push(reason);
    };
    const the = await used({ kill });
    await expect(the.lookAt(660)).rejects.toThrow('1 of 5 deeds failed, and are tried again: Error: no answer');
    expect(the.told.filter(({ event }) => event === 'BudgetExceeded')).toHaveLength(1);
    failing = false;
    expect((await the.lookAt(661)).done).toEqual([]);
    expect((await the.lookAt(665)).done).toEqual(['kill']);
    expect(killed).toHaveLength(1);
    expect(the.told.filter(({ event }) => event === 'BudgetExceeded')).toHaveLength(1);
  });

  test('a kill that is still owed when the order is lifted is not done late', async () => {
    const killed: string[] = [];
    const kill = async (reason: string) => void killed.push(reason);
    const the = await used({ kill: () => Promise.reject(new Error('no answer')) });
    await expect(the.lookAt(660)).rejects.toThrow('no answer');
    the.parts.policy = { ...BUDGET, monthly: 1000 };
    the.parts.kill = kill;
    expect((await the.lookAt(665)).done).toEqual(['orders', 'wake', 'recover', 'tell']);
    expect([killed, the.state().owed]).toEqual([[], []]);
  });

  test('waived between the decision and the deed: nobody is killed', async () => {
    const the = await used();
    the.before('UpdateItem', async () => {
      await the.ledger.put(ledgerKeys.costOrders(), { orders: [], waivedUntil: '2026-04-01T00:00:00Z', waivedBy: 'arn:anna' });
    });
    await the.lookAt(660);
    expect(the.killed).toEqual([]);
  });

  test('waived by an owner: orders stand still, later ones too, and the incident is over', async () => {
    const the = await used({ policy: { ...BUDGET, onExceeded: 'block-releases', onForecastExceeded: 'notify' } });
    await the.lookAt(660);
    expect(await waiveOrders(the.ledger, 'arn:anna', the.clock.millis)).toMatchObject([{ action: 'block-releases' }]);
    expect(await waiveOrders(the.ledger, 'arn:anna', the.clock.millis)).toEqual([]);
    expect((await the.lookAt(665)).done).toEqual(['recover']);
    expect(the.incidents()[0]?.recoveredAt).toBeDefined();
    expect(the.item(ledgerKeys.costOrders())).toMatchObject({ waivedBy: 'arn:anna', orders: [{ action: 'block-releases' }] });
  });

  const barred = async (more: Partial<CostParts>) => {
    const the = await used({ policy: { ...BUDGET, onExceeded: 'block-releases' }, ...more });
    await the.lookAt(660);
    for (const [sequence, what] of (['lock', 'cost', 'cost'] as const).entries()) {
      const id = `r${sequence + 1}-0000000${sequence + 1}`;
      const waits = { id, sequence, status: 'requested', turnToken: `token ${id}`, waitsFor: { what } };
      await the.ledger.put(ledgerKeys.release(id), waits);
    }
    return the;
  };

  test.each([
    ['by a deploy that raises the limit', 665, { ...BUDGET, monthly: 1000 }],
    ['with the budget', 665, undefined],
    ['by the end of the month', (30 * 24 + 1) * 60, { ...BUDGET, monthly: 1000 }],
  ])('lifted %s: releases that wait for it ask again, once', async (_what, minutes, policy) => {
    const sfn = fakeClient<SFNClient>({ SendTaskSuccess: () => ({}) });
    const the = await barred({ sfn: sfn.client });
    await the.lookAt(662);
    expect(sfn.sent).toEqual([]);
    if (policy === undefined) delete the.parts.policy;
    else the.parts.policy = policy;
    await the.lookAt(minutes);
    await the.lookAt(minutes + 5);
    expect(sfn.sent.map(({ input }) => input['taskToken'])).toEqual(['token r2-00000002', 'token r3-00000003']);
  });

  test('releases that could not be woken are woken at a later look, where there is a workflow to ask', async () => {
    let failing = true;
    const sfn = fakeClient<SFNClient>({
      SendTaskSuccess: () => {
        if (failing) throw new Error('throttled');
        return {};
      },
    });
    const the = await barred({ sfn: sfn.client });
    delete the.parts.policy;
    await expect(the.lookAt(665)).rejects.toThrow('throttled');
    failing = false;
    expect((await the.lookAt(670)).done).toEqual(['wake']);
    const alone = await barred({});
    delete alone.parts.policy;
    expect((await alone.lookAt(665)).done).toContain('wake');
  });

  test('a waiver for a kill leaves gentler orders alone', async () => {
    const the = await used({ policy: { ...BUDGET, onExceeded: 'block-releases' } });
    await the.lookAt(660);
    expect(await waiveOrders(the.ledger, 'arn:anna', the.clock.millis, 'kill')).toEqual([]);
  });
});

describe('AWS Budgets', () => {
  const NAME = `${PREFIX}-monthly`;
  const BUDGET_NAME = `${NAME}-1a2b3c`;
  const message = (name: string, text?: string) => ({
    Records: [
      {
        Sns: {
          Subject: `AWS Budgets: ${name} has exceeded your alert threshold`,
          Message:
            text ??
            `Budget Name: ${name}\nBudget Type: Cost\nBudgeted Amount: $10.00\nAlert Type: ACTUAL\nAlert Threshold: > $10.00\nACTUAL Amount: $10.20\n`,
        },
      },
    ],
  });

  test('ends in the same decision', async () => {
    const the = await scene({ policy: BUDGET });
    await answer(the.parts, message(BUDGET_NAME), NAME);
    expect(the.killed).toEqual([expect.stringContaining('10.20 USD of 10.00 USD, says AWS Budgets')]);
    await answer(the.parts, message(BUDGET_NAME), NAME);
    expect(the.killed).toHaveLength(1);
  });

  test('of another budget says nothing of this use case', async () => {
    const the = await scene({ policy: BUDGET });
    await answer(the.parts, message('other'), NAME);
    expect([the.killed, the.told]).toEqual([[], []]);
  });

  test('in words that are not understood is told, and nothing is done', async () => {
    const the = await scene({ policy: BUDGET });
    await answer(the.parts, message(BUDGET_NAME, 'Su presupuesto…'), NAME);
    expect(the.killed).toEqual([]);
    expect(the.told).toMatchObject([
      { event: 'BudgetMessageUnread', facts: { message: expect.stringContaining('exceeded your alert threshold') } },
    ]);
  });
});

test('once an hour it is computed what a decision costs, and a criterion that is met is told', async () => {
  const goal = { name: 'missed', type: 'binary', better: 'lower', role: 'goal', weight: 1 };
  const the = await scene({ kpis: [goal as never], criteria: [{ costPerDecisionAbove: 0.001, forMinutes: 60 }] });
  the.aws.metrics = { 'Requests stable': 100, 'UnitsExposed stable': 100, 'KpiOutcomes stable': 60 };
  await the.lookAt(0);
  await the.lookAt(64);
  expect(the.state().unit).toBeUndefined();
  await the.lookAt(65);
  expect(the.state().unit).toMatchObject({ decisions: 100, perDecision: 0.01, goodOutcomes: 40, perGoodOutcome: 0.025 });
  expect(the.lines.at(-1)?.values).toEqual([
    ['CostPerDecision', 'None', 0.01],
    ['CostPerGoodOutcome', 'None', 0.025],
  ]);
  await the.lookAt(70);
  expect(the.told).toEqual([]);
  await the.lookAt(125);
  expect(the.told).toMatchObject([{ event: 'KillCriterionMet', runbook: 'kill-criterion', roles: ['process'] }]);
  await the.lookAt(185);
  expect(the.told).toHaveLength(1);
});

test('where part of the instances has no price no cost of a decision is published', async () => {
  const the = await scene({ criteria: [{ costPerDecisionAbove: 0.001, forMinutes: 60 }] });
  the.aws.metrics = { 'Requests stable': 100 };
  the.aws.configs = { c1: { ProductionVariants: [{ VariantName: 'a', InstanceType: 'ml.odd.xlarge' }] } };
  await the.lookAt(0);
  await the.lookAt(65);
  expect(the.state().unit).toMatchObject({ decisions: 100, incomplete: true });
  expect(the.lines.flatMap(({ values }) => values.map(([name]) => name))).not.toContain('CostPerDecision');
});

test('a day that is over is kept, by arm', async () => {
  const the = await scene();
  await the.lookAt(14 * 60);
  await the.lookAt(16 * 60);
  expect(the.item(ledgerKeys.costDay('2026-03-02'))).toMatchObject({ currency: 'USD', byArm: { stable: 1, candidate: 0, warm: 0 } });
  expect(the.state().meter.day).toBe('2026-03-03');
});
