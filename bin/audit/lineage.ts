import { ledgerKeys } from '../../core/contracts';
import { BadInputError } from '../../core/errors';
import type { AuditLedger } from './source';

/** A decision as the ledger keeps it, with the outcomes of its unit. */
export interface Lineage {
  decisionId: string;
  arm: string;
  servedRelease: string;
  /** The release whose comparison it belongs to. */
  releaseId: string;
  decidedAt: string;
  fallback: boolean;
  failed: boolean;
  latencyMillis: number;
  /** Of a streamed answer. */
  firstByteMillis?: number;
  controlVersion: number;
  requestHash: string;
  responseHash: string;
  outcomes: { kpi: string; value: unknown; observedAt: string; eventId: string }[];
}

type Kept = Omit<Lineage, 'releaseId' | 'outcomes'>;

/** `<key id>.<arm><release>.<minute>.<unit key>.<nonce>.<MAC>` */
const DECISION_ID = /^k\d+\.[csb]([a-z0-9-]{1,16})\.[0-9a-z]{1,6}\.([A-Za-z0-9_-]{11})\.[^.]+\.[^.]+$/;

export const isDecisionId = (text: string): boolean => text.includes('.');

/** What the ledger knows of a decision. The id only says where to look: what is told is what was kept. */
export async function lineageOf(ledger: AuditLedger, decisionId: string): Promise<Lineage> {
  const [, releaseId, unitKey] = DECISION_ID.exec(decisionId) ?? [];
  if (releaseId === undefined || unitKey === undefined) {
    throw new BadInputError(
      `sluice audit: ${decisionId} is neither a release id nor a decision id\n  allowed: an id such as r7-3f2a9c1b, or what x-sluice-decision-id said`,
    );
  }
  const kept = await keptDecision(ledger, decisionId, releaseId, unitKey);
  if (kept === undefined) {
    throw new BadInputError(
      `sluice audit: the ledger has no decision ${decisionId}\n  it was never made, or is older than charter.data.retention\n  allowed: what x-sluice-decision-id said, unchanged`,
    );
  }
  const outcomes = await ledger.query<{ value: unknown; observedAt: string; eventId: string }>(
    ledgerKeys.outcome(releaseId, '', unitKey).pk,
  );
  return {
    ...kept,
    decisionId,
    releaseId,
    outcomes: outcomes
      .filter(({ sk }) => !sk.includes('#'))
      .map(({ sk, value, observedAt, eventId }) => ({ kpi: sk, value, observedAt, eventId })),
  };
}

async function keptDecision(ledger: AuditLedger, decisionId: string, releaseId: string, unitKey: string): Promise<Kept | undefined> {
  const exposure = await ledger.get<{ decision?: Kept }>(ledgerKeys.exposure(releaseId, unitKey));
  if (exposure?.decision?.decisionId === decisionId) return exposure.decision;
  const further = await ledger.get<Kept & { decision?: Kept }>(ledgerKeys.decision(decisionId));
  return further?.decision ?? further;
}
