import { UnsupportedError, type Members } from '../../cloud/types';
import { invalid, type ScaledThing } from './targets';

/** The metric that a target tracking policy keeps near its target, as its alarms name it. */
export interface TrackedMetric {
  alarm: Members;
  /** Values come every 10 seconds, and the alarm above the target watches them as often. */
  highResolution: boolean;
}

interface Predefined {
  kind: ScaledThing['kind'];
  metricName: string;
  statistic: 'Sum' | 'Maximum';
  highResolution: boolean;
}

const PREDEFINED: Record<string, Predefined> = {
  SageMakerVariantInvocationsPerInstance: {
    kind: 'variant',
    metricName: 'InvocationsPerInstance',
    statistic: 'Sum',
    highResolution: false,
  },
  SageMakerVariantConcurrentRequestsPerModelHighResolution: {
    kind: 'variant',
    metricName: 'ConcurrentRequestsPerModel',
    statistic: 'Maximum',
    highResolution: true,
  },
  SageMakerInferenceComponentInvocationsPerCopy: {
    kind: 'component',
    metricName: 'InvocationsPerCopy',
    statistic: 'Sum',
    highResolution: false,
  },
  SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution: {
    kind: 'component',
    metricName: 'ConcurrentRequestsPerCopy',
    statistic: 'Maximum',
    highResolution: true,
  },
};

const PERIOD_SECONDS = 60;

export function trackedMetric(policy: string, config: Members, thing: ScaledThing): TrackedMetric {
  const predefined = config.PredefinedMetricSpecification as Members | undefined;
  const customized = config.CustomizedMetricSpecification as Members | undefined;
  if ((predefined === undefined) === (customized === undefined))
    throw invalid('Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified.');
  return predefined === undefined ? customMetric(policy, customized!) : predefinedMetric(policy, predefined, thing);
}

function predefinedMetric(policy: string, specification: Members, thing: ScaledThing): TrackedMetric {
  const type = String(specification.PredefinedMetricType);
  const metric = PREDEFINED[type];
  if (metric === undefined)
    throw new UnsupportedError(
      `Scaling policy ${policy}: PredefinedMetricType ${type} is not supported by the laptop cloud. Use ${Object.keys(PREDEFINED).join(', ')}.`,
    );
  if (metric.kind !== thing.kind)
    throw invalid(`PredefinedMetricType ${type} is not supported for this resource: it is about a ${named(metric.kind)}.`);
  return {
    alarm: {
      Namespace: 'AWS/SageMaker',
      MetricName: metric.metricName,
      Statistic: metric.statistic,
      Dimensions: dimensionsOf(thing),
    },
    highResolution: metric.highResolution,
  };
}

const named = (kind: ScaledThing['kind']): string => (kind === 'component' ? 'copy of an inference component' : 'production variant');

const dimensionsOf = (thing: ScaledThing): Members[] =>
  thing.kind === 'component'
    ? [{ Name: 'InferenceComponentName', Value: thing.componentName }]
    : [
        { Name: 'EndpointName', Value: thing.endpointName },
        { Name: 'VariantName', Value: thing.variantName },
      ];

/** Any metric; nobody checks that it exists: with a wrong dimension there is never a value, and nothing scales. */
function customMetric(policy: string, specification: Members): TrackedMetric {
  const { Metrics: queries, MetricName, Namespace, Statistic, Dimensions, Unit } = specification;
  if (queries === undefined) {
    if (MetricName === undefined || Namespace === undefined || Statistic === undefined)
      throw invalid(`Scaling policy ${policy}: a customized metric needs MetricName, Namespace and Statistic, or Metrics.`);
    const alarm = { Namespace, MetricName, Statistic, Dimensions: Dimensions ?? [], ...(Unit === undefined ? {} : { Unit }) } as Members;
    return { alarm, highResolution: false };
  }
  const Metrics = (queries as Members[]).map((query) =>
    query.MetricStat === undefined ? query : { ...query, MetricStat: { ...(query.MetricStat as Members), Period: PERIOD_SECONDS } },
  );
  return { alarm: { Metrics }, highResolution: false };
}
