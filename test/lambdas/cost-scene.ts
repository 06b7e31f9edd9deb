import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { type BudgetPolicy, type ControlRecord, type IncidentRecord, ledgerKeys, type Notification } from '../../core/contracts';
import { amountOf, type CostState, type PriceOf } from '../../core/cost';
import { firstControl } from '../../core/release/control';
import { type CostParts, look } from '../../lambdas/cost/look';
import type { MetricLine } from '../../lambdas/cost/metrics';
import { fakeClient, fakeLedger, START } from './support';

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const PREFIX = 'triage-0a1b2c';
export const ENDPOINT = `${PREFIX}-endpoint`;
const PRICES: Record<string, number> = { 'ml.g5.xlarge': 1, 'ml.g5.2xlarge': 4, 'serverless-2048': 0.72 };
const priceOf: PriceOf = (what) => PRICES[what];

const LIVE: ControlRecord = {
  ...firstControl(0, { at: '2026-03-02T08:00:00Z', by: 'x', reason: 'x' }),
  mode: 'live',
  endpointName: ENDPOINT,
  endpointConfigName: 'c1',
  stable: { releaseId: 'r1-00000001', variantName: 'a', modelName: 'm', endpointConfigName: 'c1' },
};

export const BUDGET: BudgetPolicy = {
  monthly: 10,
  currency: 'USD',
  actualThresholds: [0.5, 1],
  forecastThresholds: [1],
  onForecastExceeded: 'notify',
  onExceeded: 'kill',
  overrunMinutes: 15,
  onOverrun: 'notify',
};

interface Scene {
  endpoints: Record<string, object>;
  configs: Record<string, object>;
  metrics: Record<string, number>;
}

export const oneInstance = (config = 'c1', variant = 'a', count = 1): object => ({
  EndpointConfigName: config,
  EndpointStatus: 'InService',
  LastModifiedTime: new Date(START - HOUR),
  ProductionVariants: [{ VariantName: variant, CurrentInstanceCount: count }],
});

/** A cost handler over a ledger with a live release. */
export async function scene(more: Partial<CostParts> = {}, control: Partial<ControlRecord> | undefined = {}) {
  const fake = fakeLedger();
  const clock = { millis: START };
  const aws: Scene = {
    endpoints: { [ENDPOINT]: oneInstance() },
    configs: { c1: { ProductionVariants: [{ VariantName: 'a', InstanceType: 'ml.g5.xlarge' }] } },
    metrics: {},
  };
  const missing = (what: string) => Object.assign(new Error(`Could not find ${what}.`), { name: 'ValidationException' });
  const sagemaker = fakeClient<SageMakerClient>({
    DescribeEndpoint: ({ EndpointName }) => {
      if (aws.endpoints[String(EndpointName)] === undefined) throw missing('endpoint');
      return aws.endpoints[String(EndpointName)];
    },
    DescribeEndpointConfig: ({ EndpointConfigName }) => {
      if (aws.configs[String(EndpointConfigName)] === undefined) throw missing('endpoint configuration');
      return aws.configs[String(EndpointConfigName)];
    },
    ListEndpoints: () => ({ Endpoints: Object.keys(aws.endpoints).map((EndpointName) => ({ EndpointName })) }),
  });
  const cloudwatch = fakeClient<CloudWatchClient>({
    GetMetricData: ({ MetricDataQueries }) => ({
      MetricDataResults: (
        MetricDataQueries as { Id: string; MetricStat: { Metric: { MetricName: string; Dimensions: { Name: string; Value: string }[] } } }[]
      ).map(({ Id, MetricStat: { Metric } }) => {
        const arm = Metric.Dimensions.find(({ Name }) => Name === 'Arm')?.Value;
        return { Id, Values: [aws.metrics[arm === undefined ? Metric.MetricName : `${Metric.MetricName} ${arm}`] ?? 0] };
      }),
    }),
  });
  if (control !== undefined) await fake.ledger.put(ledgerKeys.control(), { ...LIVE, ...control });
  const told: Notification[] = [];
  const killed: string[] = [];
  const lines: MetricLine[] = [];
  const parts: CostParts = {
    useCase: 'triage',
    prefix: PREFIX,
    ledger: fake.ledger,
    sagemaker: sagemaker.client,
    cloudwatch: cloudwatch.client,
    criteria: [],
    kpis: [],
    prices: priceOf,
    currency: 'USD',
    now: () => clock.millis,
    notify: async (notification) => void told.push(notification),
    kill: async (reason) => void killed.push(reason),
    publish: (published) => void lines.push(...published),
    ...more,
  };
  const state = (): CostState => JSON.parse(fake.item<{ state: string }>(ledgerKeys.cost())!.state) as CostState;
  const incidents = () => fake.items('incidents') as unknown as IncidentRecord[];
  const lookAt = (minutes: number) => {
    clock.millis = START + minutes * MINUTE;
    return look(parts, undefined);
  };
  const spent = (): number => amountOf(state().meter.monthLines);
  return { ...fake, clock, aws, parts, told, killed, lines, asked: sagemaker.sent, state, incidents, lookAt, spent };
}
