import { createBench } from './support';

const source = `
  import { Logger } from '@aws-lambda-powertools/logger';
  import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
  const logger = new Logger();
  const metrics = new Metrics();
  export const handler = async (event, context) => {
    logger.addContext(context);
    logger.info('counted', { n: event.n });
    metrics.addDimension('Arm', 'stable');
    metrics.addMetric('Requests', MetricUnit.Count, event.n);
    metrics.publishStoredMetrics();
  };`;

describe('Powertools in a function', () => {
  it('writes logs and embedded metrics to the log sink, on virtual time', async () => {
    const bench = createBench();
    const variables = { POWERTOOLS_SERVICE_NAME: 'gateway', POWERTOOLS_METRICS_NAMESPACE: 'Sluice', LOG_LEVEL: 'INFO' };
    await bench.deploy('counting', source, { properties: { Environment: { Variables: variables } } });
    const { error } = await bench.invoke('counting', { n: 3 });
    expect(error).toBeUndefined();
    const [log, metric] = bench.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(log).toMatchObject({ message: 'counted', n: 3, function_name: 'counting', service: 'gateway', cold_start: true });
    expect(log!['timestamp']).toMatch(/^2026-03-02T09:00:/);
    expect(metric).toMatchObject({ Arm: 'stable', Requests: 3, _aws: { Timestamp: bench.clock.now() } });
  });

  it('loses them when the role may not write logs', async () => {
    const bench = createBench();
    const { roleArn } = await bench.deploy('silent', `export const handler = async () => { console.log('hello'); };`);
    bench.cloud.iam.removeRolePolicy(roleArn, 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole');
    await bench.invoke('silent', {});
    expect(bench.lines).toEqual([]);
    expect(bench.cloud.log).toMatchObject([{ source: 'lambda', event: 'logs-denied', detail: { function: 'silent' } }]);
  });
});
