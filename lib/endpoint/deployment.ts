import { Duration, Token } from 'aws-cdk-lib';
import type { CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { DeploymentPlan, SizePlan } from '../../core/serving/plan';
import type { BlueGreenProps, DeploymentProps, RollingProps, SteppedBlueGreenProps } from './deployment-props';
import { RollbackAlarm } from './rollback-alarm';

/** @internal */
export interface DeploymentParts {
  readonly kind: DeploymentPlan['kind'];
  readonly size?: SizePlan;
  readonly rollbackSize?: SizePlan;
  readonly waitSeconds?: number;
  readonly terminationWaitSeconds?: number;
  readonly timeoutSeconds?: number;
}

const WAIT = Duration.minutes(10);

/**
 * How an update replaces instances. SageMaker undoes it by itself when an alarm fires on the new instances.
 *
 * @example
 * const deployment = Deployment.blueGreenCanary({
 *   percent: 10,
 *   rollbackAlarms: [RollbackAlarm.serverErrors({ share: 0.02 }), RollbackAlarm.modelLatency({ p95Millis: 800 })],
 * });
 */
export class Deployment {
  /**
   * A second fleet takes all traffic in one step.
   *
   * @param props alarms and waits
   */
  static blueGreenAllAtOnce(props?: BlueGreenProps): Deployment {
    return new Deployment({ kind: 'all-at-once', ...blueGreen(props) }, props?.rollbackAlarms);
  }

  /**
   * A second fleet takes a part of the traffic, then the rest.
   *
   * @param props size, alarms and waits
   */
  static blueGreenCanary(props?: SteppedBlueGreenProps): Deployment {
    return new Deployment({ kind: 'canary', ...stepped(props, 10), ...blueGreen(props) }, props?.rollbackAlarms);
  }

  /**
   * A second fleet takes the traffic in equal steps.
   *
   * @param props size, alarms and waits
   */
  static blueGreenLinear(props?: SteppedBlueGreenProps): Deployment {
    return new Deployment({ kind: 'linear', ...stepped(props, 10), ...blueGreen(props) }, props?.rollbackAlarms);
  }

  /**
   * Instances, or copies of inference components, are replaced in batches: for fleets too large or scarce to have twice. One variant only.
   *
   * @param props size, alarms and waits
   */
  static rolling(props?: RollingProps): Deployment {
    const { rollbackPercent } = props ?? {};
    const rollback = rollbackPercent === undefined ? {} : { rollbackSize: { percent: rollbackPercent } };
    return new Deployment({ kind: 'rolling', ...stepped(props, 25), ...rollback, ...limits(props) }, props?.rollbackAlarms);
  }

  private constructor(
    /** @internal */
    readonly _parts: DeploymentParts,
    /** @internal */
    readonly _alarms: RollbackAlarm[] = [RollbackAlarm.serverErrors()],
  ) {}

  /** @internal What the endpoint's resource says. */
  _forEndpoint(alarmNames: string[]): CfnEndpoint.DeploymentConfigProperty {
    return { ...rollbackOf(alarmNames), ...this.policy() };
  }

  /** @internal What an inference component's resource says. */
  _forComponent(alarmNames: string[]): CfnInferenceComponent.InferenceComponentDeploymentConfigProperty {
    const { timeoutSeconds } = this._parts;
    return {
      ...rollbackOf(alarmNames),
      rollingUpdatePolicy: {
        ...this.batches('COPY_COUNT'),
        ...(timeoutSeconds === undefined ? {} : { maximumExecutionTimeoutInSeconds: timeoutSeconds }),
      },
    };
  }

  private policy(): CfnEndpoint.DeploymentConfigProperty {
    const { kind, size, waitSeconds, terminationWaitSeconds, timeoutSeconds } = this._parts;
    const timeout = timeoutSeconds === undefined ? {} : { maximumExecutionTimeoutInSeconds: timeoutSeconds };
    if (kind === 'rolling') return { rollingUpdatePolicy: { ...this.batches('INSTANCE_COUNT'), ...timeout } };
    const part = size === undefined ? undefined : capacity(size, 'INSTANCE_COUNT');
    return {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: ({ canary: 'CANARY', linear: 'LINEAR', 'all-at-once': 'ALL_AT_ONCE' } as const)[kind],
          waitIntervalInSeconds: waitSeconds ?? 0,
          ...(kind === 'canary' && part !== undefined ? { canarySize: part } : {}),
          ...(kind === 'linear' && part !== undefined ? { linearStepSize: part } : {}),
        },
        ...(terminationWaitSeconds === undefined ? {} : { terminationWaitInSeconds: terminationWaitSeconds }),
        ...timeout,
      },
    };
  }

  private batches(unit: 'INSTANCE_COUNT' | 'COPY_COUNT') {
    const { size, rollbackSize, waitSeconds } = this._parts;
    return {
      maximumBatchSize: capacity(size ?? {}, unit),
      waitIntervalInSeconds: waitSeconds ?? 0,
      ...(rollbackSize === undefined ? {} : { rollbackMaximumBatchSize: capacity(rollbackSize, unit) }),
    };
  }
}

const rollbackOf = (alarmNames: string[]) =>
  alarmNames.length === 0 ? {} : { autoRollbackConfiguration: { alarms: alarmNames.map((alarmName) => ({ alarmName })) } };

const capacity = ({ percent, instances }: SizePlan, unit: string) =>
  instances === undefined ? { type: 'CAPACITY_PERCENT', value: percent ?? 1 } : { type: unit, value: instances };

const seconds = (duration: Duration): number => duration.toSeconds({ integral: !Token.isUnresolved(duration.toString()) });

const limits = ({ timeout }: DeploymentProps = {}) => (timeout === undefined ? {} : { timeoutSeconds: seconds(timeout) });

const blueGreen = (props: BlueGreenProps = {}) => ({
  terminationWaitSeconds: seconds(props.terminationWait ?? WAIT),
  ...limits(props),
});

const stepped = ({ percent, instances, wait }: SteppedBlueGreenProps | RollingProps = {}, defaultPercent: number) => ({
  size: {
    ...(percent === undefined && instances !== undefined ? {} : { percent: percent ?? defaultPercent }),
    ...(instances === undefined ? {} : { instances }),
  },
  waitSeconds: seconds(wait ?? WAIT),
});
