import { AwsError, type Clock, type Members } from '../../cloud/types';

/** How long GetActivityTask waits for a task. */
const POLL_MILLIS = 60_000;

/** A task that a worker has to take. */
export interface ActivityTask {
  token: string;
  /** JSON text. */
  input: string;
  taken(workerName: string | undefined): void;
}

interface Activity {
  arn: string;
  name: string;
  createdAtMillis: number;
  scheduled: ActivityTask[];
  /** Polls under way, the longest first. */
  polls: ((task: ActivityTask | undefined) => void)[];
}

/** Activities: tasks that workers outside take, and answer by their token. */
export class Activities {
  private readonly all = new Map<string, Activity>();

  constructor(private readonly clock: Clock) {}

  /** The same name gives the same activity. */
  create(arn: string, name: string): Members {
    let activity = this.all.get(arn);
    if (activity === undefined) {
      activity = { arn, name, createdAtMillis: this.clock.now(), scheduled: [], polls: [] };
      this.all.set(arn, activity);
    }
    return { activityArn: arn, creationDate: new Date(activity.createdAtMillis) };
  }

  remove(arn: string): void {
    for (const end of this.all.get(arn)?.polls ?? []) end(undefined);
    this.all.delete(arn);
  }

  has(arn: string): boolean {
    return this.all.has(arn);
  }

  describe(arn: string): Members {
    const { name, createdAtMillis } = this.get(arn);
    return { activityArn: arn, name, creationDate: new Date(createdAtMillis) };
  }

  list(): Members[] {
    return [...this.all.keys()].map((arn) => this.describe(arn));
  }

  /** Hands the task to a worker that waits, or keeps it for the next. Returns how to take it back. */
  schedule(arn: string, task: ActivityTask): () => void {
    const activity = this.get(arn);
    const poll = activity.polls.shift();
    if (poll !== undefined) poll(task);
    else activity.scheduled.push(task);
    return () => (activity.scheduled = activity.scheduled.filter((other) => other !== task));
  }

  /** The oldest task that nobody has taken; an empty answer when none comes in time. */
  async take(arn: string, workerName: string | undefined): Promise<Members> {
    const activity = this.get(arn);
    const task = activity.scheduled.shift() ?? (await this.poll(activity));
    if (task === undefined) return {};
    task.taken(workerName);
    return { taskToken: task.token, input: task.input };
  }

  private poll(activity: Activity): Promise<ActivityTask | undefined> {
    return new Promise((resolve) => {
      const end = (task: ActivityTask | undefined): void => {
        this.clock.cancel(timer);
        activity.polls = activity.polls.filter((other) => other !== end);
        resolve(task);
      };
      const timer = this.clock.after(POLL_MILLIS, () => end(undefined));
      activity.polls.push(end);
    });
  }

  private get(arn: string): Activity {
    const activity = this.all.get(arn);
    if (activity === undefined) throw new AwsError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
    return activity;
  }
}
