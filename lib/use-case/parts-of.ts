/* eslint-disable awscdk/require-passing-this -- these functions construct for the construct that calls them: what is there keeps its path */
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { GateRunner } from '../gates/gate-runner';
import type { Ledger } from '../ledger/ledger';
import { ChatWebhook } from '../notifications/chat-webhook';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { ResolvedUseCase } from './resolved-use-case';

export function keyOf(scope: Construct, { charter, platform }: ResolvedUseCase): kms.IKey | undefined {
  if (platform.encryptionKey !== undefined) return platform.encryptionKey;
  const arn = charter.platform.encryptionKey;
  return arn === undefined ? undefined : kms.Key.fromKeyArn(scope, 'Key', arn);
}

export function createGates(
  scope: Construct,
  { charter, gates, baseline }: ResolvedUseCase,
  ledger: Ledger,
  encryptionKey: kms.IKey | undefined,
): GateRunner | undefined {
  if (gates.length === 0) return undefined;
  const { existingEndpoint } = charter.platform;
  return new GateRunner(scope, 'Gates', { useCaseName: charter.name, ledger, gates, baseline, existingEndpoint, encryptionKey });
}

export function createChat(
  scope: Construct,
  { charter }: ResolvedUseCase,
  { eventBus }: OwnerNotifications,
  encryptionKey: kms.IKey | undefined,
): ChatWebhook | undefined {
  const { chatWebhook } = charter.platform;
  if (chatWebhook === undefined) return undefined;
  return new ChatWebhook(scope, 'Chat', { useCaseName: charter.name, eventBus, secretName: chatWebhook, encryptionKey });
}
