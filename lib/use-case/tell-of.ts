import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { endpointNameOf } from '../../core/release/names';
import type { TechnicalAlarms } from '../alarms/technical-alarms';
import { EndpointInstanceMetrics } from '../endpoint/metrics/instance-metrics';
import type { EvidenceSeal } from '../evidence/evidence-seal';
import type { ModelCard } from '../evidence/model-card';
import type { ChatWebhook } from '../notifications/chat-webhook';
import type { AiUseCase } from './ai-use-case';
import type { ResolvedUseCase } from './resolved-use-case';

const PERIOD = { period: Duration.minutes(5) };

/** Owners are told where a helper fails that no release waits for. */
export function tellOfHelpers(alarms: TechnicalAlarms, helpers: { chat?: ChatWebhook; seal: EvidenceSeal; modelCard: ModelCard }): void {
  const { chat, seal, modelCard } = helpers;
  if (chat !== undefined) {
    const what =
      'The chat did not take a message of this use case: is its webhook still there, and in the secret? People are told by mail.';
    alarms.tellOf('chat-errors', what, chat.metricErrors(PERIOD));
  }
  alarms.tellOf('evidence-unsigned', 'Evidence was not signed: sluice audit says what does not fit.', seal.metricErrors(PERIOD));
  const card = 'The model card does not show the release that answers: its handler says why; it tries again once a day.';
  alarms.tellOf('model-card-errors', card, modelCard.metricErrors(PERIOD));
}

/** SageMaker stops capturing from about 75 % on. */
const FILLING_PERCENT = 60;

/** Data capture stops without a word when the disk of an instance fills. */
export function tellOfFullDisks(useCase: AiUseCase, { charter }: ResolvedUseCase): void {
  if (charter.serving.capture === undefined) return;
  const endpoint = charter.platform.existingEndpoint ?? endpointNameOf(useCase.release.resourcePrefix);
  const variants = ['a', 'b'].map((variant) => [`disk_${variant}`, diskOf(endpoint, variant)] as const);
  const fullest = `MAX([${variants.map(([name]) => `FILL(${name}, 0)`).join(', ')}])`;
  const metric = new cloudwatch.MathExpression({
    label: `a disk is ${FILLING_PERCENT} % full`,
    expression: `IF(${fullest} >= ${FILLING_PERCENT}, 1, 0)`,
    usingMetrics: Object.fromEntries(variants),
    period: Duration.minutes(5),
  });
  const what = `An instance's disk is ${FILLING_PERCENT} % full: from about 75 % on data capture stops without a word. Give a larger serving.volumeGb, or capture less.`;
  useCase.alarms.tellOf('capture-disk', what, metric);
}

const diskOf = (endpointName: string, variantName: string): cloudwatch.IMetric =>
  new EndpointInstanceMetrics({ endpointName, variantName }).metricDiskUtilizationInPercent({
    statistic: 'Maximum',
    period: Duration.minutes(5),
  });
