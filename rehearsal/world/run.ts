import type { ControlRecord } from '../../core/contracts';
import type { StoredObject } from '../../core/evidence';
import { CustomResources } from '../assembly/custom-resource';
import { armFaults, faultPaths, serviceFaults } from './arm-faults';
import { Laptop } from './laptop';
import { Callers } from './callers';
import { ARM_VARIABLE, loadContainers } from './containers';
import { Deployments } from './deployments';
import { openChats } from './chat-sink';
import { collectHistory } from './collect';
import { letBudgetsSpeak } from './budget-speaks';
import { guardedOutcomes, guardedTraffic } from './guarded-modules';
import type { History, Look } from './history';
import type { Progress, RehearsalJob } from './job';
import { pourGarbage } from './kpi-garbage';
import { producerOf } from './kpi-sources';
import type { KpiProducer } from './kpi-producer';
import { ModelPackages } from './model-packages';
import { People } from './people';
import { deploymentLabel, PREHISTORY, STANDING } from './plan';
import { prepareSageMaker, prepareTraining, principalFor, putStandIns } from './prepare';
import { buildResult, sameTraffic, type RehearsalResult } from './result';
import type { ScenarioAction } from './scenario-schema';
import { reportSeries, type ReportSeries } from './series';
import { controlDetail, controlEvent } from './timeline';
import { configToldOf } from './told-config';
import { scheduleArrivals } from './traffic';
import { loadOutcomes, loadTraffic } from './user-modules';
import { Witness } from './witness';

const MINUTE_MILLIS = 60_000;
/** Time for the stable release to be deployed and promoted before the scenario begins. */
const PREHISTORY_MILLIS = 2 * 3_600_000;
const PROGRESS_EVERY_MILLIS = 10 * MINUTE_MILLIS;
/** After the last outcome the queues are given this long to run dry. */
const DRAIN_LIMIT_MILLIS = 6 * 3_600_000;
const SIGHTING_EVERY_MILLIS = 5 * MINUTE_MILLIS;

export interface Rehearsal {
  result: RehearsalResult;
  series: ReportSeries;
  /** What lies in the evidence bucket at the end; only where the job asks for it. */
  evidence?: { objects: StoredObject[]; publicKeys: Record<string, string> };
}

/** Who watches a rehearsal while it runs. */
export interface Observer {
  /** Shared memory in which the simulation shows that it moves on. */
  started(heartbeat: SharedArrayBuffer): void;
  progressed(progress: Progress): void;
  /** The verdict looked. */
  looked?(look: Look): void;
  /** Everything that was seen, at the end. */
  ended?(history: History): void;
}

/** Runs one scenario on virtual time. */
export async function rehearse(job: RehearsalJob, observer: Observer, wallSecondsNow: () => number): Promise<Rehearsal> {
  const world = await World.create(job, observer);
  const startedAt = wallSecondsNow();
  await world.run();
  const wallSeconds = Math.round((wallSecondsNow() - startedAt) * 10) / 10;
  return world.finish(wallSeconds);
}

class World {
  private weightsMovedByDeploy: boolean | undefined;
  private destroyedSinceMillis: number | undefined;
  private isDestroyed = false;

  private constructor(
    private readonly job: RehearsalJob,
    private readonly laptop: Laptop,
    private readonly witness: Witness,
    private readonly deployments: Deployments,
    private readonly callers: Callers,
    private readonly producer: KpiProducer,
    private readonly people: People,
    private readonly packages: ModelPackages,
    private readonly observer: Observer,
  ) {}

  static async create(job: RehearsalJob, observer: Observer): Promise<World> {
    const { scenario, directory } = job;
    const startMillis = Date.parse(scenario.start);
    const laptop = new Laptop({
      startMillis: scenario.given.stable === 'promoted' ? startMillis - PREHISTORY_MILLIS : startMillis,
      seed: job.seed,
      faults: serviceFaults(scenario, startMillis),
    });
    const { cloud, random } = laptop;
    const hold = (what: string): (() => void) => laptop.clock.hold(what);
    const packages = new ModelPackages(cloud, laptop.sageMaker, job.modelPackageGroup);
    laptop.sageMaker.setContainers(
      await loadContainers({
        directory,
        arms: scenario.arms,
        random: random.fork('containers'),
        hold,
        armOfPackage: (arn) => packages.armOf(arn),
        trained: await prepareTraining(laptop, job, hold),
      }),
    );
    prepareSageMaker(laptop, job);
    await putStandIns(laptop, job);
    openChats(laptop, job.chatWebhooks);
    const traffic = random.fork('traffic-source');
    const loaded = await loadTraffic(directory, scenario.traffic, () => traffic.next());
    const source = scenario.traffic.source === undefined ? loaded : guardedTraffic(loaded, scenario.traffic.source);
    const outcomes =
      scenario.outcomes === undefined ? () => [] : guardedOutcomes(await loadOutcomes(directory, scenario.outcomes), scenario.outcomes);
    const witness: Witness = new Witness(
      cloud,
      (record, before) => cloud.record('control', controlEvent(record, before), controlDetail(record)),
      (approval) => people.asked(approval),
      observer.looked,
    );
    const types = laptop.resourceTypes((tableName) => witness.watch(laptop.dynamoDb, tableName));
    const deployments = new Deployments(cloud, types, new CustomResources(cloud), job.assemblies);
    deployments.checkAll(faultPaths(scenario));
    const principalOf = (role: string): string => principalFor(job, role);
    const people = new People(
      {
        cloud,
        invokeUrl: laptop.invokeUrl,
        outputs: () => deployments.outputs,
        principalOf,
        releases: () => witness.releases(),
        approvals: () => witness.approvals(),
        incidents: () => witness.incidents(),
        armOf: ({ spec: { model } }) => packages.armOf(model.modelPackageArn) ?? model.environment[ARM_VARIABLE],
      },
      scenario.people,
    );
    const observed = random.fork('outcomes');
    const outputOf = (name: string): string | undefined => deployments.outputs[name];
    const producer = producerOf({ job, cloud, random: observed, startMillis, outputOf, invokeUrl: laptop.invokeUrl });
    const callers = new Callers({
      cloud,
      random: observed,
      invokeUrl: laptop.invokeUrl,
      source,
      outcomes,
      producer,
      control: () => witness.currentControl,
      startMillis,
    });
    observer.started(laptop.clock.heartbeat.buffer);
    return new World(job, laptop, witness, deployments, callers, producer, people, packages, observer);
  }

  private get startMillis(): number {
    return Date.parse(this.job.scenario.start);
  }

  async run(): Promise<void> {
    const { scenario } = this.job;
    const endMillis = this.startMillis + scenario.duration;
    await this.prehistory();
    scenario.actions.forEach((action, index) => this.laptop.clock.at(this.startMillis + action.at, () => this.act(action, index)));
    armFaults(this.laptop, scenario, this.startMillis);
    this.watchEndpoints();
    pourGarbage(this.laptop.cloud, this.laptop.random.fork('garbage'), scenario, this.startMillis, this.producer);
    scheduleArrivals(this.laptop.cloud, this.laptop.random.fork('arrivals'), scenario.traffic, endMillis, () => this.arrive());
    for (let until = this.startMillis; until <= endMillis; until += PROGRESS_EVERY_MILLIS) {
      await this.laptop.clock.run(Math.min(until, endMillis));
      this.progress();
    }
    await this.laptop.clock.run(endMillis);
    await this.drain(endMillis);
  }

  private async prehistory(): Promise<void> {
    if (this.job.scenario.given.stable !== 'promoted') return;
    void this.deployments.deploy(PREHISTORY);
    if (STANDING in this.job.assemblies)
      this.laptop.clock.at(this.startMillis - PREHISTORY_MILLIS / 2, () => this.deployments.deploy(STANDING));
    await this.laptop.clock.run(this.startMillis);
    const control = this.witness.currentControl;
    if ((control?.mode === 'live' || control?.mode === 'parked') && control.lockedBy === undefined) return;
    const last = this.laptop.cloud.log.slice(-3).map(({ source, event, detail }) => `${source} ${event} ${JSON.stringify(detail)}`);
    throw new Error(`the stable release could not be promoted before the scenario began; last seen: ${last.join('; ')}`);
  }

  private arrive(): void {
    const url = this.deployments.outputs.GatewayUrl;
    if (url === undefined) return;
    const principalArn = `arn:aws:iam::${this.laptop.cloud.accountId}:role/Caller`;
    this.callers.call(url, principalArn).catch((error: unknown) => this.laptop.clock.fail(error));
  }

  private async act(action: ScenarioAction, index: number): Promise<void> {
    if (action.do === 'deploy') return this.deploy(index);
    if (action.do === 'approve' || action.do === 'reject') return this.people.decide(action);
    if (action.do === 'budget') return letBudgetsSpeak(this.laptop, action, `actions[${index}]`);
    this.laptop.cloud.record('people', `asks-for-${action.do}`, { as: action.as, reason: action.reason });
    if (action.do === 'destroy') {
      this.destroyedSinceMillis = this.laptop.clock.now();
      this.isDestroyed = true;
      return this.deployments.destroy();
    }
    const arm = action.release ?? '';
    if (action.do === 'approve-package') {
      await this.packages.approve(arm, principalFor(this.job, action.as));
      return;
    }
    return this.people.operate(action, action.package === undefined ? undefined : this.packages.add(arm, action.package));
  }

  private async deploy(index: number): Promise<void> {
    const before = this.witness.currentControl;
    const redeployed = before !== undefined;
    this.isDestroyed = false;
    this.laptop.cloud.record('people', 'deploys', { deployment: deploymentLabel(index) });
    await this.deployments.deploy(deploymentLabel(index));
    const candidateRan = before?.candidate !== undefined;
    if (redeployed && candidateRan) this.weightsMovedByDeploy = !sameTraffic(before, this.witness.currentControl);
  }

  private watchEndpoints(): void {
    const look = (): void => {
      const control = this.witness.currentControl;
      for (const { endpointName, status, endpointConfigName } of this.laptop.sageMaker.endpoints()) {
        this.witness.sightings.push({
          atMillis: this.laptop.clock.now(),
          endpointName,
          status,
          liveConfigName: endpointConfigName,
          controlConfigName: control === undefined ? undefined : configToldOf(control, endpointName),
          workflowRunning: this.isAtWork(control),
        });
      }
      this.laptop.clock.atInBackground(this.laptop.clock.now() + SIGHTING_EVERY_MILLIS, look);
    };
    look();
  }

  /** Executions that wait for their turn or for people, or keep a release warm, change nothing: who does holds the lock, or tears down. */
  private isAtWork(control: ControlRecord | undefined): boolean {
    return this.laptop.executionsRunning() > 0 && (control === undefined || control.lockedBy !== undefined || control.mode === 'killed');
  }

  /** Traffic has stopped: time runs on until outcomes and queues are drained, and no workflow is in the middle of something. */
  private async drain(endMillis: number): Promise<void> {
    const settled = (): boolean => !this.producer.waiting && this.laptop.idle();
    const busy = (): boolean => this.isAtWork(this.witness.currentControl) && !this.witness.waitsForToken();
    for (let until = endMillis + MINUTE_MILLIS; until <= endMillis + DRAIN_LIMIT_MILLIS && (!settled() || busy()); until += MINUTE_MILLIS) {
      await this.laptop.clock.run(until);
    }
  }

  private progress(): void {
    const { scenario, scenarioName } = this.job;
    const control = this.witness.currentControl;
    const t = Math.round((this.laptop.clock.now() - this.startMillis) / 1000);
    this.observer.progressed({
      scenarioName,
      t,
      ofSeconds: scenario.duration / 1000,
      requests: this.callers.answers.length,
      candidateShare: control?.candidate === undefined ? 0 : control.candidateWeight,
      ...(control === undefined ? {} : { last: control.reason }),
      ...this.laptop.latestEvidence(this.job.useCase),
    });
  }

  async finish(wallSeconds: number): Promise<Rehearsal> {
    const history = collectHistory({
      laptop: this.laptop,
      witness: this.witness,
      callers: this.callers,
      producer: this.producer,
      startMillis: this.startMillis,
      ...(this.destroyedSinceMillis === undefined ? {} : { destroyedSinceMillis: this.destroyedSinceMillis }),
      isDestroyed: this.isDestroyed,
      evidenceBucket: this.deployments.evidenceBucket,
    });
    this.observer.ended?.(history);
    const { useCase, scenarioName, scenario, seed } = this.job;
    const result = buildResult({
      useCase,
      scenarioName,
      scenario,
      seed,
      wallSeconds,
      history,
      log: this.laptop.cloud.log,
      ...(this.weightsMovedByDeploy === undefined ? {} : { weightsMovedByDeploy: this.weightsMovedByDeploy }),
    });
    const evidence = { objects: history.evidence, publicKeys: history.publicKeys };
    return { result, series: reportSeries(history, this.job, this.laptop), ...(this.job.keepsEvidence === true ? { evidence } : {}) };
  }
}
