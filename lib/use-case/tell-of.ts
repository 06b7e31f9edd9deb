import { Duration } from 'aws-cdk-lib';
import type { TechnicalAlarms } from '../alarms/technical-alarms';
import type { EvidenceSeal } from '../evidence/evidence-seal';
import type { ModelCard } from '../evidence/model-card';
import type { ChatWebhook } from '../notifications/chat-webhook';

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
