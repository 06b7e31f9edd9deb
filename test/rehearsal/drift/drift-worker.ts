import { parentPort, workerData } from 'node:worker_threads';
import type { DriftLook, RetrainingRecord } from '../../../core/contracts';
import { DRIFT_FOLDERS } from '../../../core/drift/places';
import type { CloudWatch } from '../../../rehearsal/services/cloudwatch';
import type { S3 } from '../../../rehearsal/services/s3';
import type { History } from '../../../rehearsal/world/history';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import { Laptop } from '../../../rehearsal/world/laptop';
import { rehearse, type Rehearsal } from '../../../rehearsal/world/run';

/** What a rehearsal left in the drift bucket, and whom it told. */
export interface DriftRecording extends Rehearsal {
  /** Every look, in the order of its hour; without those from before the scenario. */
  looks: DriftLook[];
  /** Key → text, of reports. */
  reports: Record<string, string>;
  /** Keys of everything else in the drift bucket. */
  keys: string[];
  retrainings: RetrainingRecord[];
  /** Subjects of what the owners were told, with the minutes since the beginning of the scenario. */
  mails: { minute: number; subject: string }[];
  /** Metric of the use case alone → sum of all its values. */
  sums: Record<string, number>;
}

const METRICS = ['DriftChecks', 'DriftRows', 'DriftingFeatures', 'DriftNoData', 'DriftBrokenInput', 'DriftBrokenRecords'];

/** Gates keep looks of their own, in another bucket. */
const LOOK = /^looks\/\d{4}\/\d\d\/\d\d\/\d\d\.json$/;

let laptop: Laptop | undefined;
const keep = (one: Laptop): void => void (laptop = one);
const { idle } = Laptop.prototype;
Laptop.prototype.idle = function caught(this: Laptop): boolean {
  keep(this);
  return idle.call(this);
};

const textOf = (body: Uint8Array | undefined): string => new TextDecoder().decode(body);

async function record(): Promise<DriftRecording> {
  const job = workerData as RehearsalJob;
  let seen: History | undefined;
  const observer = {
    started: (heartbeat: SharedArrayBuffer) => parentPort?.postMessage({ kind: 'started', heartbeat }),
    progressed: () => undefined,
    ended: (history: History) => (seen = history),
  };
  const rehearsal = await rehearse(job, observer, () => performance.now() / 1000);
  const { cloud } = laptop!;
  const folders = Object.values(DRIFT_FOLDERS).map((folder) => `${folder}/`);
  const objects = [...cloud.double<S3>('s3').buckets()].flatMap((bucket) =>
    bucket.keys().flatMap((key) => {
      const current = folders.some((folder) => key.startsWith(folder)) ? bucket.current(key) : undefined;
      return current === undefined ? [] : [{ key, text: () => textOf(current.body) }];
    }),
  );
  const below = (folder: string) => objects.filter(({ key }) => key.startsWith(`${folder}/`));
  const looks = below(DRIFT_FOLDERS.looks)
    .filter(({ key }) => LOOK.test(key))
    .map(({ text }) => JSON.parse(text()) as DriftLook)
    .filter(({ at }) => Date.parse(at) >= seen!.startMillis);
  const mails = cloud.log.flatMap(({ atMillis, source, event, detail }) =>
    source === 'sns' && event === 'email'
      ? [{ minute: Math.round((atMillis - seen!.startMillis) / 60_000), subject: String(detail['subject']) }]
      : [],
  );
  const sumOf = (name: string): number =>
    cloud
      .double<CloudWatch>('cloudwatch')
      .metric('Sluice', name, { UseCase: job.useCase })
      .reduce((sum, bucket) => sum + bucket.sum, 0);
  return {
    ...rehearsal,
    looks,
    reports: Object.fromEntries(below(DRIFT_FOLDERS.reports).map(({ key, text }) => [key, text()])),
    keys: objects.map(({ key }) => key),
    retrainings: [...seen!.retrainings],
    mails,
    sums: Object.fromEntries(METRICS.map((name) => [name, sumOf(name)])),
  };
}

record().then(
  (rehearsal) => parentPort?.postMessage({ kind: 'done', rehearsal }),
  (error: Error) => parentPort?.postMessage({ kind: 'failed', name: error.name, message: error.message, stack: error.stack }),
);
