import { parentPort, workerData } from 'node:worker_threads';
import type { History } from '../../../rehearsal/world/history';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { CloudWatch } from '../../../rehearsal/services/cloudwatch';
import { Laptop } from '../../../rehearsal/world/laptop';
import { rehearse, type Rehearsal } from '../../../rehearsal/world/run';

/** All that could be touched, at one moment. */
export interface Standing {
  /** Since the beginning of the scenario. */
  t: number;
  /** Control record, endpoints with their capacity, configs, models, releases, open executions. */
  resources: Record<string, string>;
}

/** What a use case cost, by several witnesses. */
export interface CostRecording extends Rehearsal {
  /** Ledger items of the meter: `pk|sk` → item. */
  ledger: Record<string, Record<string, unknown>>;
  /** Metric → sum of all its values, from before the scenario on. */
  sums: Record<string, number>;
  /** Metric → its last value. */
  last: Record<string, number>;
  standing: Standing[];
  /** Subjects of what the owners were told, with the time since the beginning of the scenario. */
  mails: { t: number; subject: string }[];
  incidents: History['incidents'];
  control: History['control'];
}

const METRICS: [name: string, arm?: string][] = [
  ['Cost', 'stable'],
  ['Cost', 'candidate'],
  ['Cost', 'warm'],
  ['MonthToDate'],
  ['MonthForecast'],
  ['UnpricedInstanceHours'],
  ['CostPerDecision'],
  ['CostPerGoodOutcome'],
];

let laptop: Laptop | undefined;
const keep = (one: Laptop): void => void (laptop = one);
const { idle, executionsRunning } = Laptop.prototype;
Laptop.prototype.idle = function caught(this: Laptop): boolean {
  keep(this);
  return idle.call(this);
};
Laptop.prototype.executionsRunning = function caught(this: Laptop): number {
  keep(this);
  return executionsRunning.call(this);
};

function standingNow(t: number): Standing {
  const { sageMaker, cloud } = laptop!;
  const control = [...cloud.log].reverse().find(({ source }) => source === 'control');
  const endpoints = sageMaker.endpoints().map((endpoint) => [`endpoint ${endpoint.endpointName}`, JSON.stringify(endpoint)]);
  const others = laptop!.standingResources().map((name) => [name, 'stands']);
  return {
    t,
    resources: {
      control: JSON.stringify(control?.detail),
      executions: laptop!.openExecutions().join(','),
      ...(Object.fromEntries([...endpoints, ...others]) as Record<string, string>),
    },
  };
}

async function record(): Promise<CostRecording> {
  const job = workerData as RehearsalJob;
  const standing: Standing[] = [];
  let seen: History | undefined;
  const observer = {
    started: (heartbeat: SharedArrayBuffer) => parentPort?.postMessage({ kind: 'started', heartbeat }),
    progressed: ({ t }: { t: number }) => {
      if (laptop !== undefined) standing.push(standingNow(t));
    },
    ended: (history: History) => (seen = history),
  };
  const rehearsal = await rehearse(job, observer, () => performance.now() / 1000);
  const sums: Record<string, number> = {};
  const last: Record<string, number> = {};
  for (const [name, arm] of METRICS) {
    const buckets = laptop!.cloud
      .double<CloudWatch>('cloudwatch')
      .metric('Sluice', name, { UseCase: job.useCase, ...(arm === undefined ? {} : { Arm: arm }) });
    const key = arm === undefined ? name : `${name} ${arm}`;
    sums[key] = buckets.reduce((sum, bucket) => sum + bucket.sum, 0);
    if (buckets.length > 0) last[key] = buckets.at(-1)!.max;
  }
  const ledger = Object.fromEntries([...seen!.ledger].filter(([key]) => key.startsWith('cost')));
  const mails = laptop!.cloud.log.flatMap(({ atMillis, source, event, detail }) =>
    source === 'sns' && event === 'email'
      ? [{ t: Math.round((atMillis - seen!.startMillis) / 1000), subject: String(detail['subject']) }]
      : [],
  );
  return { ...rehearsal, ledger, sums, last, standing, mails, incidents: seen!.incidents, control: seen!.control };
}

record().then(
  (rehearsal) => parentPort?.postMessage({ kind: 'done', rehearsal }),
  (error: Error) => parentPort?.postMessage({ kind: 'failed', name: error.name, message: error.message, stack: error.stack }),
);
