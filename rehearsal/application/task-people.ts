import { AwsError, type Members } from '../cloud/types';
import type { Laptop } from '../world/laptop';
import type { StepFunctions, WaitingTask } from '../services/sfn';
import { holds } from './partial';
import type { Places } from './places';
import type { ApplicationPerson } from './scenario-schema';
import { outsiderArn } from './send';

const MINUTE_MILLIS = 60_000;

/** Who answers the task tokens and activities of workflows, some time after they began to wait. */
export class TaskPeople {
  private readonly met = new Map<number, number>();

  constructor(
    private readonly laptop: Laptop,
    private readonly places: Places,
    private readonly people: readonly ApplicationPerson[],
    /** Nobody answers later. */
    private readonly endMillis: number,
  ) {}

  /** From now on they hear of each task that waits. */
  listen(): void {
    if (this.people.length === 0) return;
    this.laptop.cloud.double<StepFunctions>('sfn').onTaskWaiting((task) => this.asked(task));
  }

  /** At the end: who waited in vain for a task. */
  tellWhoWasNotAsked(): void {
    this.people.forEach(({ stateMachine, state }, index) => {
      if (this.met.has(index)) return;
      this.laptop.cloud.record('people', 'never-asked', { person: `people[${index}]`, stateMachine, state });
    });
  }

  private asked(task: WaitingTask): void {
    const there = this.people.map((person, index) => ({ person, index })).filter(({ person }) => this.standsAt(person, task));
    if (there.length === 0) return;
    const whose = there.filter(({ person, index }) => means(person, task) && this.hasTimeFor(person, index));
    // Whoever works at an activity takes its tasks in their order, those that nobody will answer among them.
    const token = task.token === undefined ? this.takeUp(task) : Promise.resolve(task.token);
    token.then(
      (known) => whose.forEach(({ person, index }) => this.plan(person, index, task, known)),
      (error: unknown) => this.laptop.clock.fail(error),
    );
  }

  private standsAt({ stateMachine, state }: ApplicationPerson, task: WaitingTask): boolean {
    return state === task.state && this.places.at(stateMachine, 'state machine')?.ref === task.stateMachineArn;
  }

  private hasTimeFor({ attempts }: ApplicationPerson, index: number): boolean {
    const before = this.met.get(index) ?? 0;
    this.met.set(index, before + 1);
    return attempts === undefined || before < attempts;
  }

  /** An activity's task is asked for by a worker, who gets its token. */
  private async takeUp({ activityArn }: WaitingTask): Promise<string> {
    const { taskToken } = await this.call('GetActivityTask', { activityArn, workerName: 'people' });
    return String(taskToken);
  }

  private plan(person: ApplicationPerson, index: number, task: WaitingTask, taskToken: string): void {
    const { clock } = this.laptop;
    const answerAt = clock.now() + person.after;
    const answers = person.succeed !== undefined || person.fail !== undefined;
    if (person.heartbeat !== undefined) this.beat(person, index, task, taskToken, answers ? answerAt : this.endMillis);
    if (!answers) return;
    for (let time = 0; time < person.times; time += 1) {
      const atMillis = answerAt + time * MINUTE_MILLIS;
      if (atMillis <= this.endMillis) clock.at(atMillis, () => this.answer(person, index, task, taskToken));
      else if (time === 0) this.say('comes-too-late', index, task, { answerAfterEndBySeconds: (atMillis - this.endMillis) / 1000 });
    }
  }

  private beat(person: ApplicationPerson, index: number, task: WaitingTask, taskToken: string, untilMillis: number): void {
    const { clock } = this.laptop;
    const nextMillis = clock.now() + person.heartbeat!;
    if (nextMillis >= untilMillis) return;
    clock.at(nextMillis, async () => {
      const taken = await this.tried('beats', index, task, 'SendTaskHeartbeat', { taskToken });
      if (taken) this.beat(person, index, task, taskToken, untilMillis);
    });
  }

  private async answer({ succeed, fail }: ApplicationPerson, index: number, task: WaitingTask, taskToken: string): Promise<void> {
    if (fail === undefined) await this.tried('succeeds', index, task, 'SendTaskSuccess', { taskToken, output: JSON.stringify(succeed) });
    else await this.tried('fails', index, task, 'SendTaskFailure', { taskToken, ...fail });
  }

  private async tried(said: string, index: number, task: WaitingTask, operation: string, input: Members): Promise<boolean> {
    try {
      await this.call(operation, input);
      if (said !== 'beats') this.say(said, index, task, {});
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.say('answer-refused', index, task, { said, answer: `${error.code}: ${error.message}` });
      return false;
    }
  }

  private say(event: string, index: number, { executionName, state }: WaitingTask, more: Record<string, unknown>): void {
    this.laptop.cloud.record('people', event, { person: `people[${index}]`, execution: executionName, state, ...more });
  }

  private call(operation: string, input: Members): Promise<Members> {
    const { cloud } = this.laptop;
    return cloud.call('sfn', operation, input, { kind: 'world', principalArn: outsiderArn(cloud) });
  }
}

const means = ({ input }: ApplicationPerson, task: WaitingTask): boolean =>
  input === undefined || holds(task.input, input) || holds(task.arguments, input);
