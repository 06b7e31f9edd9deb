// Ten million captured records of an hour through the drift handler as it is bundled, and the machine as it is synthesized: a Distributed Map
// on the laptop cloud. What it costs on AWS, beside a processing job, and whether the merged profile is that of one pass.
//   node bench/run.mjs drift-map [--records N] [--per-object N]
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { DriftPolicy } from '../core/contracts';
import { createProfiler } from '../core/drift/count';
import { policyWithBaseline } from '../core/drift/fit';
import { createCaptureReader } from '../core/drift/read';
import { hourFolder } from '../core/drift/places';
import type { DriftBaseline } from '../core/drift/types';
import { canonicalJson } from '../core/hash';
import { captured } from './drift-map/captured';
import { isJob, Meter } from './drift-map/meter';
import { costOf, gigabyteSeconds, JOB_INSTANCE, JOB_MINUTES, jobDollarsPerHour, lambdaSeconds, type Spent } from './drift-map/prices';
import { setStage, type Stage } from './drift-map/stage';

const HOUR = Date.parse('2026-03-02T09:00:00Z');
const MINUTE_MILLIS = 60_000;
const WRITTEN_AT = HOUR + 65 * MINUTE_MILLIS;
const LONGEST_MINUTES = 180;
/** Different files; beyond them files share their content in memory. */
const CONTENTS = 8;

const { values } = parseArgs({
  options: { records: { type: 'string', default: '10000000' }, 'per-object': { type: 'string', default: '25000' } },
});
const perObject = Number(values['per-object']);
const objects = Math.ceil(Number(values.records) / perObject);

interface File {
  key: string;
  body: Buffer;
}

/** The hour's files, put into the bucket without a copy of their content. */
function writeCaptures({ s3, captures }: Stage): File[] {
  const contents = Array.from({ length: Math.min(CONTENTS, objects) }, (_, index) => captured(perObject, HOUR, index + 1));
  const bucket = s3.bucket(captures.bucket);
  return Array.from({ length: objects }, (_, index) => {
    const body = contents[index % contents.length]!;
    const second = String(index % 60).padStart(2, '0');
    const key = `${captures.folder}/${hourFolder(HOUR)}/00-${second}-000-${String(index).padStart(8, '0')}.jsonl`;
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    bucket.add({ key, versionId: `v${index}`, modifiedAtMillis: HOUR, body, etag, checksums: {}, headers: {} });
    return { key, body };
  });
}

/** From the look that finds the files to the end of the job. */
async function runJob({ laptop }: Stage): Promise<{ input: string; children: number }> {
  const { clock } = laptop;
  for (let minutes = 0; minutes < LONGEST_MINUTES; minutes += 1) {
    await clock.run(clock.now() + MINUTE_MILLIS);
    const jobs = laptop.executions().filter(({ machine }) => isJob(machine.name));
    const root = jobs.find(({ machine }) => !machine.name.includes('/'));
    if (root === undefined || root.status === 'RUNNING') continue;
    if (root.status !== 'SUCCEEDED') throw new Error(`the job ended ${root.status}: ${root.error} ${root.cause}`);
    return { input: root.input, children: jobs.length - 1 };
  }
  throw new Error('no job was begun: the hour is small enough for one function. Take more --records');
}

const textAt = ({ s3 }: Stage, bucket: string, key: string): string =>
  new TextDecoder().decode(s3.bucket(bucket).read(key, undefined).body);

/** One pass over the same files, beside the profile that parts and groups became. */
function checkMerged(stage: Stage, files: File[], input: string): { rows: number; broken: number; seconds: number } {
  const { DRIFT_BUCKET = '', DRIFT_POLICY = '' } = stage.handler.configuration.environment;
  const { job } = JSON.parse(input) as { job: { baselineKey: string; fromMillis: number } };
  const [, policyBucket = '', policyKey = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(DRIFT_POLICY) ?? [];
  const baseline = JSON.parse(textAt(stage, DRIFT_BUCKET, job.baselineKey)) as DriftBaseline;
  const policy = policyWithBaseline(JSON.parse(textAt(stage, policyBucket, policyKey)) as DriftPolicy, baseline);
  const keys = stage.s3.bucket(DRIFT_BUCKET).keys();
  const key = keys.find((one) => one.startsWith('profiles/') && one.endsWith(`/${hourFolder(HOUR)}.json`));
  if (key === undefined) throw new Error(`the job wrote no profile of the hour: ${keys.join(', ')}`);
  const merged = JSON.parse(textAt(stage, DRIFT_BUCKET, key)) as Record<string, unknown>;
  // What the job knows beside.
  delete merged.hour;
  delete merged.digest;
  const started = process.cpuUsage();
  const profiler = createProfiler(baseline.layout, policy);
  const reader = createCaptureReader(policy, (row) => profiler.add(row), { fromMillis: job.fromMillis });
  for (const file of files.toSorted((one, other) => (one.key < other.key ? -1 : 1))) {
    reader.begin(file.key);
    reader.take(file.body);
  }
  const single = profiler.profile(reader.finish());
  const { user, system } = process.cpuUsage(started);
  if (canonicalJson(merged) !== canonicalJson(JSON.parse(JSON.stringify(single))))
    throw new Error(
      `the merged profile is not that of one pass:\n${JSON.stringify(merged).slice(0, 600)}\n${JSON.stringify(single).slice(0, 600)}`,
    );
  const broken = Object.values(single.skipped.counts).reduce((sum, count) => sum + count, 0);
  return { rows: single.rows, broken, seconds: (user + system) / 1e6 };
}

const count = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ');
const dollars = (value: number): string => `$${value.toFixed(5)}`;

function report(spent: Spent, wallSeconds: number, children: number, peakHeapBytes: number, onePassSeconds: number, rows: number): void {
  const { counting, reading } = lambdaSeconds(spent);
  const costs = costOf(spent);
  const total = Object.values(costs).reduce((sum, cost) => sum + cost, 0);
  const perHour = jobDollarsPerHour();
  const job = (perHour * JOB_MINUTES) / 60;
  console.log(`
${count(rows)} records in ${objects} files, ${(spent.bytesRead / 1e9).toFixed(2)} GB; ${children} children, handler of ${spent.memoryMiB} MiB

| figure | |
|---|---|
| wall time on this machine, simulator included | ${wallSeconds.toFixed(1)} s, ${count(rows / wallSeconds)} records/s |
| processor time, simulator included | ${spent.cpuSeconds.toFixed(1)} s, ${count(rows / spent.cpuSeconds)} records/s |
| one pass of the reader and the profiler alone | ${onePassSeconds.toFixed(1)} s, ${count(rows / onePassSeconds)} records/s |
| heap at its highest, simulator included | ${count(peakHeapBytes / 1e6)} MB, resident ${count(process.resourceUsage().maxRSS / 1024)} MiB |
| merged profile beside one pass | equal in every count |
| Lambda: counting (all processor time) + reading (500 Mbit/s) | ${counting.toFixed(1)} s + ${reading.toFixed(1)} s = ${gigabyteSeconds(spent).toFixed(0)} GB-s in ${spent.invocations} invocations |
| Step Functions | ${spent.transitions} transitions |
| S3 | ${spent.gets} GET, ${spent.putsAndLists} PUT and LIST |

| cost of the hour | |
|---|---|
${Object.entries(costs)
  .map(([name, cost]) => `| ${name} | ${dollars(cost)} |`)
  .join('\n')}
| **Sluice, all of it** | **${dollars(total)}** |
| **processing job, ${JOB_INSTANCE}, ${JOB_MINUTES} billed minutes at $${perHour}/h** | **${dollars(job)}** |

${(job / total).toFixed(1)} times as much; a job would have to be done in ${((total / perHour) * 3600).toFixed(0)} billed seconds to cost the same.`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-drift-map-'));
  try {
    const stage = await setStage(folder);
    const { laptop, handler } = stage;
    await laptop.clock.run(WRITTEN_AT);
    const files = writeCaptures(stage);
    const meter = new Meter(stage);
    const { input, children } = await runJob(stage);
    const { wall, cpu } = meter.seconds();
    const spent = { ...meter.spent, transitions: meter.transitions(), cpuSeconds: cpu, memoryMiB: handler.configuration.memoryMegabytes };
    const { rows, broken, seconds } = checkMerged(stage, files, input);
    if (rows !== objects * perObject) throw new Error(`${rows} rows were counted of ${objects * perObject}`);
    if (broken !== objects) throw new Error(`${broken} torn lines were found of ${objects}`);
    report(spent, wall, children, meter.peakHeapBytes, seconds, rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
