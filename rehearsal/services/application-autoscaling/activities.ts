import { AwsError, type Cloud, type Members, type Random } from '../../cloud/types';
import { capacityOf, detailOf, setCapacity } from './scalable';
import { scopeOf, type ScalableTarget, type Scaling } from './targets';

interface Activity {
  id: string;
  target: ScalableTarget;
  description: string;
  cause: string;
  startedAtMillis: number;
  /** Undefined: under way. */
  endedAtMillis?: number;
  failure?: string;
  /** The count that it sets. */
  to?: number;
  scaling?: Scaling;
}

const unitOf = ({ thing }: ScalableTarget): string => (thing.kind === 'component' ? 'copy count' : 'instance count');

/** Everything that Application Auto Scaling did, and what of it SageMaker is still carrying out. */
export class Activities {
  private readonly all: Activity[] = [];
  private readonly open = new Set<Activity>();
  private readonly random: Random;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('application-auto-scaling:activities');
  }

  /** Sets a count, where SageMaker takes changes now. */
  scale(target: ScalableTarget, to: number, cause: string): Scaling | undefined {
    const capacity = capacityOf(this.cloud, target.thing);
    if (capacity?.ready !== true || capacity.count === to) return undefined;
    const activity = this.blank(target, `Setting desired ${unitOf(target)} to ${to}.`, cause);
    activity.to = to;
    const told = { ...detailOf(target.thing), from: capacity.count, to, cause };
    try {
      setCapacity(this.cloud, target.thing, to);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.end(activity, `Failed to set desired ${unitOf(target)} to ${to}. Reason: ${error.message}`);
      this.cloud.record('application-autoscaling', 'not-scaled', { ...told, error: error.code, message: error.message });
      return undefined;
    }
    activity.scaling = { from: capacity.count };
    this.open.add(activity);
    this.cloud.record('application-autoscaling', 'scaled', told);
    return activity.scaling;
  }

  /** What changes bounds alone is over at once. */
  note(target: ScalableTarget, description: string, cause: string, failure?: string): void {
    this.end(this.blank(target, description, cause), failure);
  }

  /** Newest first. */
  describe(fits: (target: ScalableTarget) => boolean): Members[] {
    return this.all
      .filter(({ target }) => fits(target))
      .map(describeActivity)
      .reverse();
  }

  private blank(target: ScalableTarget, description: string, cause: string): Activity {
    const activity: Activity = { id: this.random.uuid(), target, description, cause, startedAtMillis: this.cloud.clock.now() };
    this.all.push(activity);
    return activity;
  }

  /** SageMaker moved: what it carried out is over. */
  settle(): void {
    for (const activity of this.open) {
      const capacity = capacityOf(this.cloud, activity.target.thing);
      if (capacity !== undefined && !capacity.ready) continue;
      this.open.delete(activity);
      const reached = capacity?.count === activity.to;
      this.end(activity, reached ? undefined : `Failed to set desired ${unitOf(activity.target)} to ${activity.to}.`);
    }
  }

  private end(activity: Activity, failure?: string): void {
    activity.endedAtMillis = this.cloud.clock.now();
    if (failure !== undefined) activity.failure = failure;
    if (activity.scaling !== undefined) activity.scaling.completedAtMillis = activity.endedAtMillis;
  }
}

function describeActivity({ id, target, description, cause, startedAtMillis, endedAtMillis, failure }: Activity): Members {
  const done = description.replace(/^Setting/, 'set').replace(/\.$/, '');
  return {
    ...scopeOf(target),
    ActivityId: id,
    Description: description,
    Cause: cause,
    StartTime: new Date(startedAtMillis),
    ...(endedAtMillis === undefined ? {} : { EndTime: new Date(endedAtMillis) }),
    StatusCode: endedAtMillis === undefined ? 'InProgress' : failure === undefined ? 'Successful' : 'Failed',
    ...(endedAtMillis === undefined
      ? {}
      : { StatusMessage: failure ?? `Successfully ${done}. Change successfully fulfilled by sagemaker.` }),
  };
}
