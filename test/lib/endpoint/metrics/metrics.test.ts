import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { EndpointInstanceMetrics, EndpointQueueMetrics, EndpointVariantMetrics, InferenceComponentMetrics } from '../../../../lib';

const of = { endpointName: 'Triage', variantName: 'main' };
const variant = new EndpointVariantMetrics(of);
const sources = {
  variant,
  instance: new EndpointInstanceMetrics({ ...of, gpus: 4, vcpus: 48 }),
  queue: new EndpointQueueMetrics(of),
  component: new InferenceComponentMetrics({ componentName: 'chat' }),
};

/** Metric name, statistic and divisor of every method. */
function table(source: object): [string, string, string, string][] {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(source)).filter((name) => name.startsWith('metric'));
  return names.map((name) => {
    const metric = (source as Record<string, () => cloudwatch.Metric | cloudwatch.MathExpression>)[name]!();
    const isMath = metric instanceof cloudwatch.MathExpression;
    const raw = isMath ? (Object.values(metric.usingMetrics)[0] as cloudwatch.Metric) : metric;
    const divisor = isMath ? /\/ (\d+)$/.exec(metric.expression)![1]! : '1';
    return [name, raw.metricName, raw.statistic, divisor];
  });
}
const all = Object.values(sources).flatMap(table);

/** As the developer guide has their units. */
const MICROSECONDS = /^(Model|Overhead|FirstChunk\w*|RequestDownload|ResponseUpload)Latency$|^FirstChunk\w*Latency$|^ModelSetupTime$/;

describe('metrics of endpoints', () => {
  test('are as many as SageMaker has', () => {
    expect(all.length).toBeGreaterThanOrEqual(60);
    expect(new Set(all.map(([, metric]) => metric)).size).toBeGreaterThanOrEqual(40);
  });

  test.each(all)('%s has the unit of its name', (name, metric, statistic, divisor) => {
    const isDuration = MICROSECONDS.test(metric) && statistic !== 'SampleCount';
    expect([name, /InMillis$/.test(name)]).toEqual([name, isDuration || ['TimeInBacklog', 'TotalProcessingTime'].includes(metric)]);
    expect([name, divisor]).toEqual([name, isDuration ? '1000' : /PerGpu/.test(name) ? '4' : /PerCpu/.test(name) ? '48' : '1']);
  });

  test.each(all.filter(([, metric]) => /Latency|Time|Utilization|Age|Concurren/.test(metric) && !/Invocations$/.test(metric)))(
    '%s is no sum',
    (_name, _metric, statistic) => expect(statistic).not.toBe('Sum'),
  );

  test('counts are sums', () => {
    expect(variant.metricInvocations().statistic).toBe('Sum');
    expect(sources.queue.metricExpiredRequests().statistic).toBe('Sum');
  });

  test('the backlog has the endpoint as its only dimension, the rest of the queue the variant too', () => {
    expect(sources.queue.metricBacklogPerInstance().dimensions).toEqual({ EndpointName: 'Triage' });
    expect(sources.queue.metricExpiredRequests().dimensions).toEqual({ EndpointName: 'Triage', VariantName: 'main' });
    expect(sources.component.metricInvocations().dimensions).toEqual({ InferenceComponentName: 'chat' });
  });

  test('live in the namespaces of SageMaker', () => {
    expect(sources.instance.metricDiskUtilizationInPercent().namespace).toBe('/aws/sagemaker/Endpoints');
    expect(sources.component.metricGpuUtilizationInPercent().namespace).toBe('/aws/sagemaker/InferenceComponents');
    expect(variant.metricInvocations().namespace).toBe('AWS/SageMaker');
  });

  test('of the new fleet alone name its config', () => {
    const fleet = new EndpointVariantMetrics({ ...of, endpointConfigName: 'new' });
    expect(fleet.metricInvocations().dimensions).toEqual({ EndpointName: 'Triage', VariantName: 'main', EndpointConfigName: 'new' });
  });

  test('take period, label, colour and another statistic', () => {
    const slowest = variant.metricModelLatencyP95InMillis({ statistic: 'Maximum', label: 'slowest', color: '#ff0000' });
    expect(slowest).toMatchObject({ label: 'slowest', color: '#ff0000' });
    expect(Object.values(slowest.usingMetrics)).toMatchObject([{ statistic: 'Maximum', metricName: 'ModelLatency' }]);
    expect(() => variant.metricModelLatencyP95InMillis({ statistic: 'Sum' })).toThrow(
      'The sum of ModelLatency over all requests is no duration: use p50',
    );
  });

  test('several fit into one graph, under ids that every synth draws alike', () => {
    const stack = new Stack();
    const other = new EndpointVariantMetrics({ ...of, variantName: 'b' });
    const left = [variant.metricModelLatencyP50InMillis(), variant.metricModelLatencyP95InMillis(), other.metricModelLatencyP95InMillis()];
    const widget = new cloudwatch.GraphWidget({ left });
    expect(() => stack.resolve(widget.toJson())).not.toThrow();
    const ids = left.flatMap(({ usingMetrics }) => Object.keys(usingMetrics));
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual(left.flatMap(({ usingMetrics }) => Object.keys(usingMetrics)));
  });

  test.each([undefined, 0])('by GPU need a number of GPUs, not %s', (gpus) => {
    const unknown = new EndpointInstanceMetrics({ ...of, ...(gpus === undefined ? {} : { gpus }) });
    expect(() => unknown.metricGpuUtilizationPerGpuInPercent()).toThrow(
      `Variant main of Triage has ${gpus ?? 'an unknown number of'} gpus`,
    );
  });
});
