import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { chatText } from '../../core/notification/chat';
import { CLIENT, lean } from '../shared/client';
import { required } from '../shared/env';
import { ChatWebhook } from './webhook';

const announcedSchema = z.object({
  detail: z.looseObject({
    useCase: z.string(),
    severity: z.enum(['info', 'warning', 'page']),
    roles: z.array(z.string()),
    subject: z.string(),
    runbook: z.string().optional(),
  }),
});

const webhook = new ChatWebhook(lean(new SecretsManagerClient(CLIENT)), required('CHAT_WEBHOOK_SECRET'), () => Date.now());

/** What the event bus announces, in a chat. A failure is thrown, for Lambda to try again and to be counted. */
export const handler = async (event: unknown): Promise<void> => webhook.post(chatText(announcedSchema.parse(event).detail));
