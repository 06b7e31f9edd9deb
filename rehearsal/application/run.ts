import { App } from '../assembly/app';
import { environmentOf } from '../assembly/environment';
import { loadAssembly, type AssemblyStack } from '../assembly/load';
import { isCustom } from '../assembly/standing';
import { UnsupportedError } from '../cloud/types';
import { resourceTypes } from '../services';
import type { StepFunctions } from '../services/sfn';
import { armFaults, serviceFaults } from '../world/arm-faults';
import { Laptop } from '../world/laptop';
import { buildResult } from './build-result';
import { Inputs } from './inputs';
import { checkItemKeys } from './item-keys';
import type { ApplicationJob, ApplicationProgress } from './job';
import { machinePictures } from './pictures';
import { Places } from './places';
import { checkAgainstAssembly, putStandIns } from './prepare';
import type { ApplicationRehearsal } from './result';
import { checkStateNames } from './state-names';
import { StackLife } from './stack-life';
import { TaskPeople } from './task-people';
import { Watch } from './watch';

const SECOND_MILLIS = 1000;
const MINUTE_MILLIS = 60 * SECOND_MILLIS;
const PROGRESS_EVERY_MINUTES = 10;
/** After the duration, queues and workflows are given this long to run dry. */
const DRAIN_LIMIT_MILLIS = 6 * 60 * MINUTE_MILLIS;
/** Not whole minutes: at those, something is always under way where a schedule is. */
const DRAIN_STEP_MILLIS = 7 * SECOND_MILLIS;
/** What goes round in circles never runs dry: so many invocations, and more for each input, are enough for what is left. */
const DRAIN_INVOCATIONS = 1000;
const DRAIN_INVOCATIONS_PER_INPUT = 10;

/** Who watches a rehearsal while it runs. */
export interface ApplicationObserver {
  /** Shared memory in which the simulation shows that it moves on. */
  started(heartbeat: SharedArrayBuffer): void;
  progressed(progress: ApplicationProgress): void;
}

/** Deploys an assembly, plays a scenario on virtual time, and deletes it all again. */
export async function rehearseApplication(
  job: ApplicationJob,
  observer: ApplicationObserver,
  wallSecondsNow: () => number,
): Promise<ApplicationRehearsal> {
  const startedAt = wallSecondsNow();
  const world = await ApplicationWorld.create(job, observer);
  const { result, pictures } = await world.run();
  return { result, pictures, wallSeconds: Math.round((wallSecondsNow() - startedAt) * 10) / 10 };
}

class ApplicationWorld {
  private constructor(
    private readonly job: ApplicationJob,
    private readonly laptop: Laptop,
    private readonly app: App,
    private readonly places: Places,
    private readonly life: StackLife,
    private readonly observer: ApplicationObserver,
  ) {}

  static async create(job: ApplicationJob, observer: ApplicationObserver): Promise<ApplicationWorld> {
    const { scenario, seed } = job;
    const stacks = loadAssembly(job.assembly);
    if (stacks.length === 0) throw new UnsupportedError(`the assembly ${job.assembly} holds no stack`);
    const finder = checkAgainstAssembly(job, stacks);
    const startMillis = Date.parse(scenario.start);
    const laptop = new Laptop({
      startMillis: startMillis - deploymentMillis(stacks),
      seed,
      // They are known when the scenario's start is.
      faults: [],
      environment: environmentOf(stacks),
    });
    await putStandIns(laptop, job, finder);
    const app = new App(laptop.cloud, resourceTypes, { parameters: scenario.parameters });
    app.refuseUnsupported(stacks);
    const places = new Places(finder, () => app.resources());
    const life = new StackLife(laptop, stacks, app);
    observer.started(laptop.clock.heartbeat.buffer);
    return new ApplicationWorld(job, laptop, app, places, life, observer);
  }

  async run(): Promise<Pick<ApplicationRehearsal, 'result' | 'pictures'>> {
    const { laptop, life, job } = this;
    const { clock } = laptop;
    let startMillis = Number.POSITIVE_INFINITY;
    const watch = new Watch(laptop, () => clock.now() >= startMillis);
    await clock.complete(life.deploy());
    startMillis = Math.max(Date.parse(job.scenario.start), Math.ceil(clock.now() / MINUTE_MILLIS) * MINUTE_MILLIS);
    const endMillis = startMillis + job.scenario.duration;
    const inputs = new Inputs(laptop, this.places, job.scenario.inputs, job.directory);
    const people = new TaskPeople(laptop, this.places, job.scenario.people, endMillis);
    if (life.deployed) {
      checkStateNames(job.file, job.scenario, this.places, laptop.cloud.double<StepFunctions>('sfn').allStateMachines());
      checkItemKeys(job.file, job.scenario, this.places);
      people.listen();
      inputs.schedule(startMillis);
      for (const fault of serviceFaults(job.scenario, startMillis)) laptop.cloud.faults.add(fault);
      armFaults(laptop, job.scenario, startMillis);
    } else await clock.run(startMillis);
    const breaksOff = life.deployed ? await this.playToTheEnd(startMillis, endMillis, watch, inputs) : undefined;
    if (life.deployed) people.tellWhoWasNotAsked();
    const deployed = this.app.resources();
    const built = buildResult({
      job,
      laptop,
      places: this.places,
      watch,
      inputs,
      startMillis,
      deployed,
      stacks: life.results(),
      breaksOff,
    });
    const machines = laptop.cloud.double<StepFunctions>('sfn').allStateMachines();
    const pictures = machinePictures(machines, laptop.executions(), (arn) => this.places.nameOf(arn, 'state machine'));
    await clock.complete(life.destroy());
    return { result: built.finish(life.results()), pictures };
  }

  /** Says why the rehearsal ends before. */
  private async playToTheEnd(startMillis: number, endMillis: number, watch: Watch, inputs: Inputs): Promise<string | undefined> {
    return (await this.play(startMillis, endMillis, watch, inputs)) ?? this.drain(endMillis, watch, inputs.sent.length);
  }

  private async play(startMillis: number, endMillis: number, watch: Watch, inputs: Inputs): Promise<string | undefined> {
    const { clock } = this.laptop;
    const { mostInvocations } = this.job.scenario;
    for (let minute = 0; startMillis + minute * MINUTE_MILLIS < endMillis; minute += 1) {
      await clock.run(startMillis + minute * MINUTE_MILLIS);
      if (watch.allInvocations > mostInvocations)
        return `the rehearsal breaks off after ${watch.allInvocations} invocations in ${minute} minutes: a loop? Where so many are meant, set mostInvocations (now ${mostInvocations})`;
      if (minute % PROGRESS_EVERY_MINUTES === 0) this.tellProgress(clock.now() - startMillis, watch, inputs);
    }
    await clock.run(endMillis);
    return undefined;
  }

  private tellProgress(sinceStartMillis: number, watch: Watch, inputs: Inputs): void {
    this.observer.progressed({
      scenarioName: this.job.scenarioName,
      t: Math.round(sinceStartMillis / SECOND_MILLIS),
      ofSeconds: this.job.scenario.duration / SECOND_MILLIS,
      inputs: inputs.sent.length,
      invocations: watch.allInvocations,
      executionsRunning: this.laptop.executionsRunning(),
    });
  }

  /** Nothing more comes from outside: time runs on until nothing is under way. Says why it ends before. */
  private async drain(endMillis: number, watch: Watch, inputs: number): Promise<string | undefined> {
    const { clock, cloud } = this.laptop;
    const before = watch.allCompleted;
    const limit = DRAIN_INVOCATIONS + DRAIN_INVOCATIONS_PER_INPUT * inputs;
    while (!cloud.idle() && clock.now() < endMillis + DRAIN_LIMIT_MILLIS) {
      await clock.run(clock.now() + DRAIN_STEP_MILLIS);
      if (watch.allCompleted - before > limit)
        return `functions that call each other again and again: the rehearsal breaks off after ${limit} invocations without any input`;
    }
    return undefined;
  }
}

/** Long enough that the stacks stand at the start: schedules that they make should not run much earlier. */
function deploymentMillis(stacks: readonly AssemblyStack[]): number {
  const types = stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type));
  const custom = types.filter(isCustom).length;
  return Math.ceil((types.length * SECOND_MILLIS + custom * MINUTE_MILLIS) / MINUTE_MILLIS) * MINUTE_MILLIS;
}
