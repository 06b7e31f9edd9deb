import { ledgerKeys } from '../../core/contracts';
import { IF_ABSENT, type Ledger } from '../shared/ledger';

/** Ledger item `requests`: which release stands for a request. */
interface AnsweredRequest {
  releaseId: string;
  by: string;
  at: string;
}

/** CloudFormation, EventBridge and the registry may all ask twice. */
export async function answeredBefore(ledger: Ledger, requestId: string): Promise<string | undefined> {
  return (await ledger.get<AnsweredRequest>(ledgerKeys.request(requestId)))?.releaseId;
}

export async function keepAnswer(
  ledger: Ledger,
  { requestId, by, at }: { requestId: string; by: string; at: string },
  releaseId: string,
): Promise<void> {
  await ledger.put(ledgerKeys.request(requestId), { releaseId, by, at } satisfies AnsweredRequest, IF_ABSENT);
}
