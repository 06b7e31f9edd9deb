import type { TrainingPolicy } from '../../core/contracts';

/** How long training may take. */
export interface TrainingOptions {
  /**
   * Longest time that training may take, in minutes, from 1 to 40320; it is stopped then, and the run fails.
   *
   * @default 120
   */
  readonly maxRuntimeMinutes?: number;
}

/** A SageMaker training job. */
export interface TrainingJobProps extends TrainingOptions {
  /** Image with tag or digest, such as `111122223333.dkr.ecr.eu-west-1.amazonaws.com/delay-train:1.4.0`. */
  readonly image: string;

  /**
   * Instance type that trains.
   *
   * @default ml.m5.xlarge
   */
  readonly instanceType?: string;

  /**
   * Instances that train, from 1.
   *
   * @default 1
   */
  readonly instanceCount?: number;

  /**
   * Size of each instance's volume, in GB, from 1.
   *
   * @default 30
   */
  readonly volumeGb?: number;

  /**
   * Hyperparameters of the image, at most 100.
   *
   * @default - none
   */
  readonly hyperParameters?: Record<string, string>;
}

const LONGEST_MINUTES = 28 * 1440;
const DEFAULT_MINUTES = 120;

/**
 * What makes a model of labelled data: a JSON object a line, `{ id, at, request, answer, truth }`, in the order of their time. A job gets
 * them as the channel `train`; the newest requests, on which the model is evaluated, are shown to nothing that trains.
 *
 * @example
 * const training = Training.job({ image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/delay-train:1.4.0', maxRuntimeMinutes: 60 });
 */
export abstract class Training {
  /**
   * A SageMaker training job, whose cost is known before it begins.
   *
   * @param props image, instances, hyperparameters
   */
  static job(props: TrainingJobProps): Training {
    const { image, instanceType = 'ml.m5.xlarge', instanceCount = 1, volumeGb = 30, hyperParameters = {} } = props;
    const maxRuntimeMinutes = runtimeOf(props);
    whole('instanceCount', instanceCount);
    whole('volumeGb', volumeGb);
    return new Trained(
      { kind: 'job', image, instanceType, instanceCount, volumeGb, hyperParameters, maxRuntimeMinutes },
      { image, instance: instanceType, instances: instanceCount, volumeGb, hyperParameters },
    );
  }

  /**
   * A SageMaker pipeline with the parameters `TrainingData` and `OutputPath`; it leaves one `model.tar.gz` below
   * `OutputPath`. Its own role must reach the bucket.
   *
   * @param pipelineName name of the pipeline, in this account and region
   * @param options how long it may take
   */
  static pipeline(pipelineName: string, options?: TrainingOptions): Training {
    if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/.test(pipelineName) && !pipelineName.includes('${')) {
      throw new Error(
        `pipelineName is '${pipelineName}': it must be the name of a SageMaker pipeline, of a-z, A-Z, 0-9 and inner hyphens.`,
      );
    }
    return new Trained({ kind: 'pipeline', pipelineName, maxRuntimeMinutes: runtimeOf(options) }, { pipeline: pipelineName });
  }

  /**
   * A standard state machine of your own: input `{ runId, trainingData, outputPath, parentReleaseId }`, output `{ modelDataUrl }`,
   * the `model.tar.gz` that it left below `outputPath`. Its own role must reach the bucket.
   *
   * @param stateMachineArn ARN of the state machine, in this account and region
   * @param options how long it may take
   */
  static stateMachine(stateMachineArn: string, options?: TrainingOptions): Training {
    return new Trained(
      { kind: 'state-machine', stateMachineArn, maxRuntimeMinutes: runtimeOf(options) },
      { stateMachine: stateMachineArn },
    );
  }

  /** @internal */
  static _of(policy: TrainingPolicy): Training {
    return new Trained(policy, {});
  }

  /** @internal */
  abstract readonly _policy: TrainingPolicy;

  /** @internal As the charter would write it. */
  abstract readonly _charter: Record<string, unknown>;
}

class Trained extends Training {
  override readonly _charter: Record<string, unknown>;

  constructor(
    override readonly _policy: TrainingPolicy,
    charter: Record<string, unknown>,
  ) {
    super();
    this._charter = { ...charter, maxRuntime: `${_policy.maxRuntimeMinutes}m` };
  }
}

function runtimeOf({ maxRuntimeMinutes = DEFAULT_MINUTES }: TrainingOptions = {}): number {
  if (Number.isInteger(maxRuntimeMinutes) && maxRuntimeMinutes >= 1 && maxRuntimeMinutes <= LONGEST_MINUTES) return maxRuntimeMinutes;
  throw new Error(`maxRuntimeMinutes is ${maxRuntimeMinutes}: it must be a whole number from 1 to ${LONGEST_MINUTES}, such as 120.`);
}

function whole(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} is ${value}: it must be a whole number from 1.`);
}
