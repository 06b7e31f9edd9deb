import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { APPROVAL_KINDS } from '../../core/contracts';
import type { Owners } from '../../core/release/principals';
import { CLIENT, lean } from '../shared/client';
import { optionalJson, required, requiredJson } from '../shared/env';
import { answering, isHttpEvent } from '../shared/http';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { ask } from './ask';
import { offerTokenOver } from './callback';
import { answerHttp } from './http';
import type { BoardParts } from './parts';
import { settle } from './settle';

const kind = z.enum(APPROVAL_KINDS);
const releaseId = z.string().min(1);
const settleSchema = z.object({ action: z.literal('settle'), releaseId, kind, answer: z.unknown().optional() });
const requestSchema = z.object({ taskToken: z.string().min(1), releaseId, kind, escalate: z.boolean().optional() });
const eventSchema = z.union([settleSchema, requestSchema]);

const owners = requiredJson<Owners>('OWNERS');
const parts: BoardParts = {
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn: lean(new SFNClient(CLIENT)),
  now: () => Date.now(),
  notify: notifierFromEnvironment(),
  offerToken: offerTokenOver(lean(new EventBridgeClient(CLIENT)), required('EVENT_BUS_NAME'), required('USE_CASE')),
  owners,
  delegates: optionalJson<Owners>('DELEGATES') ?? {},
  decidingRoles: 'process' in owners ? ['process'] : Object.keys(owners).slice(0, 1),
};

export const handler = async (event: unknown): Promise<unknown> => {
  if (isHttpEvent(event)) return answering(() => answerHttp(parts, event));
  const request = eventSchema.parse(event);
  return 'action' in request ? settle(parts, request) : ask(parts, request);
};
