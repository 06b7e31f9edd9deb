import * as z from 'zod';
import { listOf, matching, positiveNumber, section, text } from '../charter/fields';
import { checkedContent, jsonOf } from '../checked-json';
import { BadInputError } from '../errors';

/** One rate that was tried on one instance. */
export interface MeasuredLevel {
  requestsPerSecond: number;
  /** Missing: whoever measured says that the latency target was met. */
  latencyP95Millis?: number;
}

/** What one instance of a type was seen to answer. */
export interface Measurement {
  instanceType: string;
  levels: MeasuredLevel[];
  source: string;
}

/** What one instance answers within the latency target. */
export type Throughput = { known: true; requestsPerSecond: number; how: string } | { known: false; why: string };

const instanceType = matching(/^ml\.[a-z][a-z0-9-]{0,15}\.[a-z0-9]{2,16}$/, 'an instance type such as ml.g5.xlarge');
const level = section({ requestsPerSecond: positiveNumber, latencyP95Millis: positiveNumber.optional() });
const MEASURED = 'measurements { instanceType, levels: [{ requestsPerSecond, latencyP95Millis }] }';
const LEVELS = 'levels { requestsPerSecond, latencyP95Millis }';

const benchmark = section({
  schema: z.literal('sluice/benchmark-v1', { error: 'sluice/benchmark-v1' }),
  measured: listOf(section({ instanceType, levels: listOf(level, LEVELS, 1), note: text.optional() }), MEASURED, 1),
});

const COUNT = 'a number above 0: requests a minute';
const recommendation = z.object({
  EndpointConfiguration: z.object({ InstanceType: z.string().optional(), InitialInstanceCount: z.number().optional() }),
  Metrics: z.object({ MaxInvocations: z.number({ error: COUNT }).gt(0, { error: COUNT }), ModelLatency: z.number().nullish() }).optional(),
});

/** Output of DescribeInferenceRecommendationsJob, as the AWS command line prints it. */
const recommenderJob = z.object({
  JobName: z.string({ error: 'the name of the job' }),
  Status: z.string({ error: 'the status of the job' }),
  InferenceRecommendations: z.array(recommendation, { error: 'a list of recommendations: those of a job that has completed' }),
  StoppingConditions: z
    .object({ ModelLatencyThresholds: z.array(z.object({ Percentile: z.string(), ValueInMilliseconds: z.number() })).optional() })
    .optional(),
});

const isRecommenderJob = (content: unknown): boolean =>
  typeof content === 'object' && content !== null && Object.hasOwn(content, 'JobName');

/** A benchmark file, or Inference Recommender's output: which of them, its content says. */
export function measurementsOf(json: string, file: string): Measurement[] {
  const content = jsonOf(json, file);
  if (isRecommenderJob(content)) return fromRecommender(checkedContent(recommenderJob, content, file), file);
  const { measured } = checkedContent(benchmark, content, file);
  return measured.map(({ instanceType: type, levels, note }) => ({
    instanceType: type,
    levels: levels.map(({ requestsPerSecond, latencyP95Millis }) => levelOf(requestsPerSecond, latencyP95Millis)),
    source: note ?? file,
  }));
}

const levelOf = (requestsPerSecond: number, latencyP95Millis: number | undefined): MeasuredLevel =>
  latencyP95Millis === undefined ? { requestsPerSecond } : { requestsPerSecond, latencyP95Millis };

/**
 * `MaxInvocations` is per minute, `ModelLatency` in milliseconds. A job that stopped at a P95 threshold stayed below it;
 * without one, the job's own latency stands for it.
 */
function fromRecommender(job: z.output<typeof recommenderJob>, file: string): Measurement[] {
  const source = `Inference Recommender, ${job.JobName}`;
  const threshold = job.StoppingConditions?.ModelLatencyThresholds?.find(({ Percentile }) => Percentile.toUpperCase() === 'P95');
  const measured = job.InferenceRecommendations.flatMap(({ EndpointConfiguration, Metrics }): Measurement[] => {
    const type = EndpointConfiguration.InstanceType;
    if (type === undefined || Metrics === undefined) return [];
    const perSecond = Metrics.MaxInvocations / 60 / (EndpointConfiguration.InitialInstanceCount ?? 1);
    return [
      { instanceType: type, levels: [levelOf(perSecond, threshold?.ValueInMilliseconds ?? Metrics.ModelLatency ?? undefined)], source },
    ];
  });
  if (measured.length > 0) return measured;
  throw new BadInputError(
    `${file}: the job ${job.JobName} measured no instance\n  given:   status ${job.Status}\n  allowed: a job that has completed, with instance types`,
  );
}

/** The highest rate at which it, and every lower one that was tried, stayed within the target: nothing in between is made up. */
export function throughputOf(measurements: Measurement[], instanceType: string, latencyP95Millis: number | undefined): Throughput {
  const own = measurements.filter((measurement) => measurement.instanceType === instanceType);
  if (own.length === 0) return { known: false, why: 'not measured' };
  const levels = own.flatMap(({ levels: tried, source }) => tried.map((one) => ({ ...one, source })));
  levels.sort((one, other) => one.requestsPerSecond - other.requestsPerSecond);
  const tooSlow = levels.findIndex(
    ({ latencyP95Millis: seen }) => latencyP95Millis !== undefined && seen !== undefined && seen > latencyP95Millis,
  );
  const best = levels[(tooSlow === -1 ? levels.length : tooSlow) - 1];
  if (best !== undefined) return { known: true, requestsPerSecond: best.requestsPerSecond, how: best.source };
  const slowest = levels[0]!;
  return { known: false, why: `${slowest.latencyP95Millis} ms already at ${slowest.requestsPerSecond}/s (${slowest.source})` };
}
