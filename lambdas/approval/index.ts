import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import type { Owners } from '../../core/release/principals';
import { CLIENT, lean } from '../shared/client';
import { required, requiredJson } from '../shared/env';
import { answering, isHttpEvent } from '../shared/http';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { ApprovalBoard } from './board';
import { answerDecision } from './http';

const requestSchema = z.object({
  taskToken: z.string().min(1),
  releaseId: z.string().min(1),
  kind: z.enum(['release', 'inconclusive']),
  requiredRoles: z.array(z.string()).min(1),
  deadlineMinutes: z.number().positive(),
});

const owners = requiredJson<Owners>('OWNERS');
const board = new ApprovalBoard({
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn: lean(new SFNClient(CLIENT)),
  now: () => Date.now(),
  notify: notifierFromEnvironment(),
});

export const handler = async (event: unknown): Promise<unknown> =>
  isHttpEvent(event) ? answering(() => answerDecision(board, owners, event)) : board.ask(requestSchema.parse(event));
