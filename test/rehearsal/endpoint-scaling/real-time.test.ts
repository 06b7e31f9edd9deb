import { Duration } from 'aws-cdk-lib';
import { EndpointInstance, type EndpointScaling, type ModelEndpointProps, ModelSource, ScalingTarget, Serving } from '../../../lib';
import type { AssemblyStack } from '../../../rehearsal/assembly/load';
import type { SageMaker } from '../../../rehearsal/services/sagemaker';
import { EndpointLaptop } from '../endpoints/laptop';
import { assembled, bundleScaling, instances, MINUTE, pass, passUntil, scaling, STACK, targets, traffic } from './scaled';

jest.setTimeout(120_000);
beforeAll(bundleScaling);

const image = (tag: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/model:${tag}`;
const props = (instance = EndpointInstance.M5_LARGE, tag = 'one'): ModelEndpointProps => ({
  serving: Serving.realTime({
    variants: [{ name: 'main', model: ModelSource.container({ image: image(tag) }), instance, initialCount: 1 }],
  }),
});
const byInvocations = (each: EndpointScaling): void =>
  each.scaleVariant({
    minCapacity: 1,
    maxCapacity: 3,
    target: ScalingTarget.invocationsPerMinute(10, { scaleInCooldown: Duration.minutes(1) }),
  });

async function inLaptop(first: AssemblyStack, test: (laptop: EndpointLaptop) => Promise<void>): Promise<void> {
  const laptop = new EndpointLaptop(STACK);
  await laptop.run(async () => {
    await laptop.deploy(first);
    await test(laptop);
  });
}

describe('target tracking', () => {
  test('adds instances under load, and takes them away when it is over', async () => {
    await inLaptop(assembled(props(), scaling(byInvocations)), async (laptop) => {
      await traffic(laptop, 25, 6);
      await pass(laptop, 12 * MINUTE);
      expect(await instances(laptop)).toBeGreaterThan(1);
      await traffic(laptop, 2, 30);
      await pass(laptop, 10 * MINUTE);
      expect(await instances(laptop)).toBe(1);
    });
  });
});

test('requests at once, measured every ten seconds, add an instance sooner than invocations would', async () => {
  const byConcurrency = (each: EndpointScaling): void =>
    each.scaleVariant({ minCapacity: 1, maxCapacity: 2, target: ScalingTarget.concurrentRequests(3) });
  const laptop = new EndpointLaptop(STACK);
  const answer = { status: 200, body: new TextEncoder().encode('{}'), contentType: 'application/json', latencyMillis: 30_000 };
  laptop.cloud.double<SageMaker>('sagemaker').setContainers(() => ({ predict: () => answer }));
  await laptop.run(async () => {
    await laptop.deploy(assembled(props(), scaling(byConcurrency)));
    const request = { EndpointName: laptop.endpointName, ContentType: 'application/json', Body: new TextEncoder().encode('{}') };
    const from = laptop.cloud.clock.now();
    // 9 requests at once for four minutes: 18 a minute.
    for (let round = 0; round < 8; round += 1)
      await Promise.all(Array.from({ length: 9 }, () => laptop.call('InvokeEndpoint', request, 'sagemaker-runtime')));
    const scaled = laptop.cloud.log.find(({ source, event }) => source === 'application-autoscaling' && event === 'scaled');
    expect(scaled?.detail).toMatchObject({ from: 1, to: 2 });
    expect(scaled!.atMillis - from).toBeLessThan(2 * MINUTE);
  });
});

describe('a schedule', () => {
  const scheduled = (each: EndpointScaling): void =>
    each.scaleVariant({
      minCapacity: 1,
      maxCapacity: 2,
      schedules: [{ from: '11:00', to: '12:00', timeZone: 'UTC', minCapacity: 3, maxCapacity: 4, warmUp: Duration.minutes(15) }],
    });

  test('has instances standing when its time begins, and takes them away when it ends', async () => {
    // It is Monday, 09:00.
    await inLaptop(assembled(props(), scaling(scheduled)), async (laptop) => {
      await passUntil(laptop, 10, 44);
      expect(await instances(laptop)).toBe(1);
      await passUntil(laptop, 11, 0);
      expect(await instances(laptop)).toBe(3);
      await passUntil(laptop, 12, 20);
      expect(await instances(laptop)).toBe(2);
    });
  });

  test('holds at once where the deploy comes in the middle of it', async () => {
    const laptop = new EndpointLaptop(STACK);
    await laptop.run(async () => {
      await passUntil(laptop, 11, 10);
      await laptop.deploy(assembled(props(), scaling(scheduled)));
      expect(await targets(laptop)).toMatchObject([{ MinCapacity: 3, MaxCapacity: 4 }]);
    });
  });
});

describe('another instance type of a scaled variant', () => {
  test('is deployed: scaling is taken away before, and registered after', async () => {
    await inLaptop(assembled(props(), scaling(byInvocations)), async (laptop) => {
      await laptop.deploy(assembled(props(EndpointInstance.M5_XLARGE), scaling(byInvocations)));
      expect(await laptop.config()).toMatchObject({ ProductionVariants: [{ InstanceType: 'ml.m5.xlarge' }] });
      expect(await targets(laptop)).toMatchObject([
        {
          ResourceId: `endpoint/${laptop.endpointName}/variant/main`,
          MaxCapacity: 3,
          SuspendedState: { DynamicScalingInSuspended: false },
        },
      ]);
    });
  });

  test('is refused by SageMaker without the hold', async () => {
    const withoutHold = (stack: AssemblyStack): AssemblyStack => {
      for (const resource of Object.values(stack.template.Resources))
        if (resource.Type === 'Custom::SluiceScalingHold')
          resource.Properties = { ServiceToken: resource.Properties?.['ServiceToken'], ...FROZEN };
      return stack;
    };
    await inLaptop(withoutHold(assembled(props(), scaling(byInvocations))), async (laptop) => {
      const next = withoutHold(assembled(props(EndpointInstance.M5_XLARGE), scaling(byInvocations)));
      await expect(laptop.deploy(next)).rejects.toThrow('must be deregistered as scalable targets');
    });
  });

  describe('that is rolled back', () => {
    /** Something fails between the endpoint and the registration, or before the endpoint. */
    function broken(where: 'before' | 'after', rules: boolean): AssemblyStack {
      const stack = assembled(props(EndpointInstance.M5_XLARGE), scaling(byInvocations));
      const resources = Object.entries(stack.template.Resources);
      const [, hold] = resources.find(([, { Type }]) => Type === 'Custom::SluiceScalingHold')!;
      const [held] = resources.find(([, one]) => one === hold)!;
      const [endpointId, endpoint] = resources.find(([, { Type }]) => Type === 'AWS::SageMaker::Endpoint')!;
      const [, registration] = resources.find(([, { Type }]) => Type === 'Custom::SluiceScaling')!;
      const breaks = { Type: 'Custom::SluiceScaling', Properties: { ...registration.Properties, Parts: 'not JSON' } };
      stack.template.Resources['Broken'] = { ...breaks, DependsOn: [where === 'before' ? held : endpointId] };
      const next = where === 'before' ? endpoint : registration;
      next.DependsOn = [next.DependsOn ?? [], 'Broken'].flat();
      return rules ? stack : withoutRules(stack);
    }
    const withoutRules = (stack: AssemblyStack): AssemblyStack => {
      for (const [id, { Type }] of Object.entries(stack.template.Resources))
        if (Type === 'AWS::Events::Rule') stack.template.Resources[id]!.Properties!['State'] = 'DISABLED';
      return stack;
    };

    async function rollBack(where: 'before' | 'after', rules: boolean, look: (laptop: EndpointLaptop) => Promise<void>): Promise<void> {
      const first = assembled(props(), scaling(byInvocations));
      await inLaptop(rules ? first : withoutRules(first), async (laptop) => {
        await expect(laptop.deploy(broken(where, rules))).rejects.toThrow('Property Parts must be JSON');
        await laptop.inService();
        await pass(laptop, MINUTE);
        expect(await laptop.config()).toMatchObject({ ProductionVariants: [{ InstanceType: 'ml.m5.large' }] });
        await look(laptop);
      });
    }

    test.each(['before', 'after'] as const)('by something %s the endpoint is registered again by itself', async (where) => {
      await rollBack(where, true, async (laptop) => {
        expect(await targets(laptop)).toMatchObject([
          { MinCapacity: 1, MaxCapacity: 3, SuspendedState: { DynamicScalingOutSuspended: false } },
        ]);
      });
    });

    test.each(['before', 'after'] as const)('by something %s the endpoint stays unregistered without the rules', async (where) => {
      await rollBack(where, false, async (laptop) => expect(await targets(laptop)).toEqual([]));
    });
  });
});

const FROZEN = { EndpointName: 'frozen', EndpointConfigName: 'frozen', Parts: '[]' };

test('another image keeps scaling registered, and the instances that it added', async () => {
  await inLaptop(assembled(props(), scaling(byInvocations)), async (laptop) => {
    await laptop.change([{ VariantName: 'main', DesiredInstanceCount: 2 }]);
    await laptop.deploy(assembled(props(EndpointInstance.M5_LARGE, 'two'), scaling(byInvocations)));
    expect(await instances(laptop)).toBe(2);
    expect(await targets(laptop)).toMatchObject([
      { SuspendedState: { DynamicScalingInSuspended: false, ScheduledScalingSuspended: false } },
    ]);
  });
});

test('a deploy that comes while an instance is added waits for it', async () => {
  await inLaptop(assembled(props(), scaling(byInvocations)), async (laptop) => {
    await laptop.call('UpdateEndpointWeightsAndCapacities', {
      EndpointName: laptop.endpointName,
      DesiredWeightsAndCapacities: [{ VariantName: 'main', DesiredInstanceCount: 3 }],
    });
    await laptop.deploy(assembled(props(EndpointInstance.M5_LARGE, 'two'), scaling(byInvocations)));
    expect(await instances(laptop)).toBe(3);
  });
});

test('a stack that goes leaves nothing registered', async () => {
  await inLaptop(assembled(props(), scaling(byInvocations)), async (laptop) => {
    await laptop.destroy();
    expect(await targets(laptop)).toEqual([]);
  });
});

test('scaling that goes from the stack is deregistered, and the endpoint stays', async () => {
  await inLaptop(assembled(props(), scaling(byInvocations)), async (laptop) => {
    await laptop.deploy(assembled(props(), () => undefined));
    expect(await targets(laptop)).toEqual([]);
    expect((await laptop.describe())['EndpointStatus']).toBe('InService');
  });
});
