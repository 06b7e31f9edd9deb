import type { ScalingParts } from '../../../lambdas/shared/scaling';

type Input = Record<string, unknown>;
interface Command {
  constructor: { name: string };
  input: Input;
}

const missing = (name: string): Error => Object.assign(new Error('it is not there'), { name });

/** Application Auto Scaling and CloudWatch, as far as the handler needs them: two items a page. */
export class FakeScaling {
  readonly sent: { command: string; input: Input }[] = [];
  readonly targets = new Map<string, Input>();
  readonly policies = new Map<string, Input>();
  readonly actions = new Map<string, Input>();
  readonly alarms = new Map<string, Input>();
  /** What the next call of a command fails with. */
  fails: Record<string, Error> = {};

  readonly parts: ScalingParts = {
    scaling: { send: (command: Command) => this.send(command) },
    cloudWatch: { send: (command: Command) => this.send(command) },
  } as never;

  /** Names of the calls that changed something, since the last time. */
  changes(): string[] {
    return this.sent
      .splice(0)
      .map(({ command }) => command)
      .filter((command) => !command.startsWith('Describe'));
  }

  private send(command: Command): Promise<Input> {
    const name = command.constructor.name.replace(/Command$/, '');
    const { input } = command;
    this.sent.push({ command: name, input });
    const failure = this.fails[name];
    if (failure !== undefined) return Promise.reject(failure);
    return Promise.resolve().then(() => this.answer(name, input));
  }

  private answer(name: string, input: Input): Input {
    const resource = String(input['ResourceId']);
    switch (name) {
      case 'DescribeScalableTargets':
        return {
          ScalableTargets: [...this.targets.values()].filter((one) =>
            (input['ResourceIds'] as string[]).includes(String(one['ResourceId'])),
          ),
        };
      case 'RegisterScalableTarget':
        this.targets.set(resource, { ...this.targets.get(resource), ...input });
        return {};
      case 'DeregisterScalableTarget':
        return this.remove(this.targets, resource, 'ObjectNotFoundException');
      case 'DescribeScalingPolicies':
        return this.page(this.policies, 'ScalingPolicies', input);
      case 'DescribeScheduledActions':
        return this.page(this.actions, 'ScheduledActions', input);
      case 'PutScalingPolicy': {
        const policy = { ...input, PolicyARN: `arn:${String(input['PolicyName'])}` };
        this.policies.set(String(input['PolicyName']), policy);
        return { PolicyARN: policy.PolicyARN };
      }
      case 'PutScheduledAction':
        this.actions.set(String(input['ScheduledActionName']), input);
        return {};
      case 'DeleteScalingPolicy':
        return this.remove(this.policies, String(input['PolicyName']), 'ObjectNotFoundException');
      case 'DeleteScheduledAction':
        return this.remove(this.actions, String(input['ScheduledActionName']), 'ObjectNotFoundException');
      case 'PutMetricAlarm':
        this.alarms.set(String(input['AlarmName']), input);
        return {};
      case 'DeleteAlarms':
        return this.remove(this.alarms, (input['AlarmNames'] as string[])[0]!, 'ResourceNotFound');
      default:
        throw new Error(`${name} is not faked`);
    }
  }

  private remove(from: Map<string, Input>, key: string, error: string): Input {
    if (!from.delete(key)) throw missing(error);
    return {};
  }

  private page(from: Map<string, Input>, member: string, input: Input): Input {
    const first = Number(input['NextToken'] ?? 0);
    const all = [...from.values()];
    return { [member]: all.slice(first, first + 2), ...(first + 2 < all.length ? { NextToken: String(first + 2) } : {}) };
  }
}
