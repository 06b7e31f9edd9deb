import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT, lean } from '../shared/client';
import { required } from '../shared/env';
import type { HttpAnswer, HttpEvent } from '../shared/http';
import { KpiQueue } from '../shared/kpi-queue';
import { logger } from '../shared/telemetry';
import { type KpiHttpParts, takeKpis } from './kpi-http';

const queue = new KpiQueue(lean(new SQSClient(CLIENT)), required('OBSERVATION_QUEUE_URL'));

const parts: KpiHttpParts = {
  useCase: required('USE_CASE'),
  send: (events) => queue.send(events),
  warn: (message, error) => logger.warn(message, { error }),
};

export const handler = (event: HttpEvent): Promise<HttpAnswer> => takeKpis(parts, event);
