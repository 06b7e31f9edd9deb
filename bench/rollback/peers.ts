import { CustomResources } from '../../rehearsal/assembly/custom-resource';
import { loadAssembly } from '../../rehearsal/assembly/load';
import { Stack } from '../../rehearsal/assembly/stack';
import type { Members } from '../../rehearsal/cloud/types';
import { Laptop } from '../../rehearsal/world/laptop';
import { ALARM, ENDPOINT, MODEL_ROLE, synthesizePeer } from './peer-stack';

export type Peer = 'guardrails' | 'plain';

/** What the endpoint, or its API, is at while the alarm goes off. */
export type Condition = 'calm' | 'updating' | 'throttled';

export interface PeerRun {
  peer: Peer;
  condition: Condition;
  seed: number;
  /** Seconds from the candidate's first request to the alarm. */
  toAlarm: number;
  /** Seconds from the alarm to the last start of a candidate's answer; undefined: it still answered when the watching ended. */
  alarmToLastAnswer: number | undefined;
  /** Requests that the failing candidate got after the alarm. */
  answersAfterAlarm: number;
  /** How often the function failed because SageMaker refused, and whether its event was given up. */
  refused: number;
  givenUp: boolean;
}

const START = Date.parse('2026-03-02T09:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const WATCHED_MINUTES = 60;
const SHARE = 0.1;
const THROTTLED_MINUTES = 20;
const WORLD = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:role/Deployer' } as const;

export async function runPeer(peer: Peer, condition: Condition, seed: number, directory: string): Promise<PeerRun> {
  return new PeerWorld(peer, condition, seed).run(synthesizePeer(peer === 'plain' ? 'candidate' : 'live', peer === 'plain', directory));
}

class PeerWorld {
  private readonly laptop: Laptop;
  private readonly starts: number[] = [];
  private alarmedAt: number | undefined;

  constructor(
    private readonly peer: Peer,
    private readonly condition: Condition,
    private readonly seed: number,
  ) {
    this.laptop = new Laptop({ startMillis: START, seed, faults: [] });
    const body = new TextEncoder().encode('{}');
    this.laptop.sageMaker.setContainers(({ modelName }) => ({
      predict: () => {
        if (modelName === 'candidate') this.starts.push(this.laptop.clock.now());
        return { status: modelName === 'candidate' ? 500 : 200, body, contentType: 'application/json', latencyMillis: 50 };
      },
    }));
    this.laptop.cloud.onRecord(({ source, event, detail }) => {
      if (source === 'alarm' && event === 'state-changed' && detail['alarmName'] === ALARM && detail['state'] === 'ALARM') {
        this.alarmedAt ??= this.laptop.clock.now();
      }
    });
  }

  async run(assembly: string): Promise<PeerRun> {
    const { clock, cloud } = this.laptop;
    const stack = new Stack(
      cloud,
      'peer',
      this.laptop.resourceTypes(() => undefined),
      new CustomResources(cloud),
    );
    await clock.complete(
      (async () => {
        for (const assembled of loadAssembly(assembly)) await stack.deploy(assembled);
        await this.createEndpoint();
      })(),
    );
    await clock.run(clock.now() + 15 * MINUTE);
    this.callEachSecond(clock.now() + 2 * WATCHED_MINUTES * MINUTE);
    await clock.complete(this.beginCanary());
    const first = await this.untilFirstAnswer();
    if (this.condition === 'throttled') this.throttle(first);
    if (this.condition === 'updating') await clock.complete(this.scaleOut());
    await clock.run(first + WATCHED_MINUTES * MINUTE);
    return this.measure(first, clock.now());
  }

  /** From then on every second, whoever answers. */
  private callEachSecond(untilMillis: number): void {
    const { clock, cloud } = this.laptop;
    const caller = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:role/Caller' } as const;
    const call = (): void => {
      // A failed answer is what is counted, by the container.
      cloud.call('sagemaker-runtime', 'InvokeEndpoint', { EndpointName: ENDPOINT, Body: new Uint8Array(2) }, caller).catch(() => undefined);
      if (clock.now() < untilMillis) clock.atInBackground(clock.now() + SECOND, call);
    };
    call();
  }

  private async untilFirstAnswer(): Promise<number> {
    const { clock } = this.laptop;
    const latest = clock.now() + WATCHED_MINUTES * MINUTE;
    while (this.starts[0] === undefined && clock.now() < latest) await clock.run(clock.now() + SECOND);
    if (this.starts[0] === undefined) throw new Error(`${this.peer}, seed ${this.seed}: the candidate was never asked`);
    return this.starts[0];
  }

  /** The account's calls of SageMaker are too many, for whatever reason. */
  private throttle(fromMillis: number): void {
    const untilMillis = fromMillis + THROTTLED_MINUTES * MINUTE;
    this.laptop.cloud.faults.add({ service: 'sagemaker', operation: '*', error: 'ThrottlingException', fromMillis, untilMillis });
  }

  private measure(first: number, endedAt: number): PeerRun {
    const { peer, condition, seed, starts, alarmedAt } = this;
    if (alarmedAt === undefined) throw new Error(`${peer}, ${condition}, seed ${seed}: there was no alarm`);
    const after = starts.filter((at) => at >= alarmedAt);
    const last = after.at(-1) ?? alarmedAt;
    const { log } = this.laptop.cloud;
    const of = (event: string): number => log.filter((entry) => entry.source === 'lambda' && entry.event === event).length;
    return {
      peer,
      condition,
      seed,
      toAlarm: (alarmedAt - first) / SECOND,
      alarmToLastAnswer: endedAt - last < 2 * MINUTE ? undefined : (last - alarmedAt) / SECOND,
      answersAfterAlarm: after.length,
      refused: of('error'),
      givenUp: of('event-dropped') > 0,
    };
  }

  private call(operation: string, input: Members): Promise<Members> {
    return this.laptop.cloud.call('sagemaker', operation, input, WORLD);
  }

  private async createEndpoint(): Promise<void> {
    for (const name of ['stable', 'candidate']) {
      const PrimaryContainer = { Image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/toy:1' };
      await this.call('CreateModel', {
        ModelName: name,
        ExecutionRoleArn: `arn:aws:iam::123456789012:role/${MODEL_ROLE}`,
        PrimaryContainer,
      });
    }
    const variant = (VariantName: string, ModelName: string, InitialVariantWeight: number) => ({
      VariantName,
      ModelName,
      InitialVariantWeight,
      InstanceType: 'ml.g5.xlarge',
      InitialInstanceCount: 1,
    });
    const config = (name: string, ProductionVariants: object[]) =>
      this.call('CreateEndpointConfig', { EndpointConfigName: name, ProductionVariants });
    await config(
      'before',
      this.peer === 'plain' ? [variant('stable', 'stable', 1), variant('candidate', 'candidate', 0)] : [variant('live', 'stable', 1)],
    );
    await config('after', [variant('live', 'candidate', 1)]);
    await this.call('CreateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: 'before' });
  }

  private async beginCanary(): Promise<void> {
    if (this.peer === 'plain') {
      await this.call('UpdateEndpointWeightsAndCapacities', {
        EndpointName: ENDPOINT,
        DesiredWeightsAndCapacities: [
          { VariantName: 'stable', DesiredWeight: 1 - SHARE },
          { VariantName: 'candidate', DesiredWeight: SHARE },
        ],
      });
      return;
    }
    await this.call('UpdateEndpoint', {
      EndpointName: ENDPOINT,
      EndpointConfigName: 'after',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: SHARE * 100 },
            WaitIntervalInSeconds: 1200,
          },
          TerminationWaitInSeconds: 300,
          MaximumExecutionTimeoutInSeconds: 7200,
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: ALARM }] },
      },
    });
  }

  /** Load grows: stable gets a second instance, as auto scaling would ask for it. Until it stands nothing else can be changed. */
  private async scaleOut(): Promise<void> {
    await this.laptop.clock.sleep(20 * SECOND);
    await this.call('UpdateEndpointWeightsAndCapacities', {
      EndpointName: ENDPOINT,
      DesiredWeightsAndCapacities: [{ VariantName: 'stable', DesiredInstanceCount: 2 }],
    });
  }
}
