import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { ApprovalRecord } from '../../core/contracts';

export interface OfferToken {
  (record: ApprovalRecord): Promise<void>;
}

/**
 * For a tool of the team's own: the task token that it may answer. An event of its own, since a token is a secret and people are told
 * without it. It is only sent where the charter allows the callback.
 */
export function offerTokenOver(events: EventBridgeClient, EventBusName: string, useCase: string): OfferToken {
  return async ({ releaseId, kind, taskToken, requiredRoles, deadline }) => {
    const Detail = JSON.stringify({ useCase, releaseId, kind, requiredRoles, deadline, taskToken });
    const entry = { EventBusName, Source: 'sluice', DetailType: 'ApprovalCallbackOffered', Detail };
    const { FailedEntryCount = 0, Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    if (FailedEntryCount > 0) {
      throw new Error(
        `The event bus ${EventBusName} refused ApprovalCallbackOffered: ${Entries?.[0]?.ErrorCode} ${Entries?.[0]?.ErrorMessage}`,
      );
    }
  };
}
