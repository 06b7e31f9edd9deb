import { parentPort, workerData } from 'node:worker_threads';
import type { Members, ServiceDouble } from '../../../rehearsal/cloud/types';
import type { History } from '../../../rehearsal/world/history';
import type { SageMaker } from '../../../rehearsal/services/sagemaker';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import { Laptop } from '../../../rehearsal/world/laptop';
import { rehearse, type Rehearsal } from '../../../rehearsal/world/run';

/** A rehearsal with what the owners were told and what the capacity handler measured. Minutes since the beginning of the scenario. */
export interface CapacityRecording extends Rehearsal {
  mails: { minute: number; subject: string }[];
  /** Name → last value of each five minutes. */
  measured: Record<string, { minute: number; value: number }[]>;
  /** Names of what stands at the end. */
  standing: string[];
  incidents: string[];
  /** Scalable targets at the end. */
  scaled: string[];
  /** Mean number of instances of each variant in each five minutes, by the simulator's own meter. */
  fleets: { minute: number; variants: Record<string, number> }[];
}

let laptop: Laptop | undefined;
const { idle } = Laptop.prototype;
Laptop.prototype.idle = function caught(this: Laptop): boolean {
  // eslint-disable-next-line @typescript-eslint/no-this-alias -- the rehearsal makes its laptop itself
  laptop = this;
  return idle.call(this);
};

const WINDOW_MINUTES = 5;

function fleetsOf({ startMillis }: History): CapacityRecording['fleets'] {
  const sageMaker = laptop!.cloud.double<SageMaker>('sagemaker');
  const minutes = Math.floor((laptop!.cloud.clock.now() - startMillis) / 60_000);
  return Array.from({ length: Math.floor(minutes / WINDOW_MINUTES) }, (_, index) => {
    const fromMillis = startMillis + index * WINDOW_MINUTES * 60_000;
    const rows = sageMaker.metered(undefined, { fromMillis, untilMillis: fromMillis + WINDOW_MINUTES * 60_000 });
    const variants: Record<string, number> = {};
    for (const { variantName, instanceSeconds } of rows)
      variants[variantName] = (variants[variantName] ?? 0) + instanceSeconds / (WINDOW_MINUTES * 60);
    return { minute: index * WINDOW_MINUTES, variants };
  });
}

async function record(): Promise<CapacityRecording> {
  const job = workerData as RehearsalJob;
  let seen: History | undefined;
  const observer = {
    started: (heartbeat: SharedArrayBuffer) => parentPort?.postMessage({ kind: 'started', heartbeat }),
    progressed: () => undefined,
    ended: (history: History) => (seen = history),
  };
  const rehearsal = await rehearse(job, observer, () => performance.now() / 1000);
  const minuteOf = (atMillis: number): number => Math.floor((atMillis - seen!.startMillis) / 60_000);
  const measured = Object.fromEntries(
    ['Parked', 'InstancesWanted', 'IdleMinutes'].map((name) => [
      name,
      laptop!.metric('Sluice', name, { UseCase: job.useCase }).map(({ t, max }) => ({ minute: minuteOf(t), value: max })),
    ]),
  );
  const mails = laptop!.cloud.log.flatMap(({ atMillis, source, event, detail }) =>
    source === 'sns' && event === 'email' ? [{ minute: minuteOf(atMillis), subject: String(detail['subject']) }] : [],
  );
  const scaling = laptop!.cloud.double<ServiceDouble>('application-auto-scaling');
  const answer = await scaling.operations['DescribeScalableTargets']!.run({ ServiceNamespace: 'sagemaker' }, {} as never);
  return {
    ...rehearsal,
    mails,
    measured,
    fleets: fleetsOf(seen!),
    standing: seen!.standingResources,
    incidents: seen!.incidents.map(({ id }) => id),
    scaled: ((answer as Members)['ScalableTargets'] as { ResourceId: string }[]).map(({ ResourceId }) => ResourceId),
  };
}

record().then(
  (rehearsal) => parentPort?.postMessage({ kind: 'done', rehearsal }),
  (error: Error) => parentPort?.postMessage({ kind: 'failed', name: error.name, message: error.message, stack: error.stack }),
);
