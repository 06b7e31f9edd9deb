import { DescribeModelPackageCommand } from '@aws-sdk/client-sagemaker';
import {
  APPROVAL_KINDS,
  type ApprovalRecord,
  type GateResult,
  type IncidentRecord,
  ledgerKeys,
  type LookLine,
  type ModelFacts,
  type RefusalEvidence,
  type RefusalRecord,
  type TrafficChange,
  type VerdictRecord,
} from '../../core/contracts';
import {
  type BundleParts,
  candidateCosts,
  type ClosedStep,
  lookLine,
  looksEvidence,
  type LooksEvidence,
  modelFacts,
  trafficOf,
} from '../../core/evidence';
import type { CostState } from '../../core/cost/state';
import type { StoredLook, StoredRelease } from '../shared/releases';
import { logger } from '../shared/telemetry';
import type { StepParts } from './parts';

type Collected = Omit<BundleParts, 'sequence' | 'record' | 'ending' | 'endedAt' | 'looks' | 'previousBundleSha256'>;

const VERDICT = 'verdict';

/** Everything that the ledger and the model registry know of a release that ends. */
export async function collectParts(
  parts: StepParts,
  record: StoredRelease,
  endedAt: string,
): Promise<Collected & { looks?: LooksEvidence }> {
  const { ledger } = parts;
  const [boards, gates, changes, incidents, refusals, model, measured, price] = await Promise.all([
    boardsOf(parts, record.id),
    ledger.query<GateResult>(ledgerKeys.gate(record.id, '').pk),
    changesSince(parts, record.requestedAt),
    ledger.query<IncidentRecord>(ledgerKeys.incident('').pk),
    refusalsOf(parts, record),
    modelOf(parts, record),
    measuredOf(parts, record),
    priceOf(parts, record),
  ]);
  const traffic = trafficOf(record.id, changes);
  const costs = candidateCosts(record.id, record.spec, traffic, endedAt, price);
  return {
    boards,
    gates: gates.map(plain).sort(byStart),
    traffic,
    incidents: incidents.filter(({ releaseId }) => releaseId === record.id).map(plain),
    refusals,
    model,
    ...(costs === undefined ? {} : { costs }),
    ...measured,
  };
}

/** As the cost meter knows it; undefined: it has no price, or has not seen the type. */
async function priceOf({ ledger }: StepParts, { spec }: StoredRelease): Promise<{ perHour: number; currency: string } | undefined> {
  const stored = await ledger.get<{ state: string }>(ledgerKeys.cost());
  if (stored === undefined || spec.serving.instanceType === undefined) return undefined;
  const { prices, currency } = JSON.parse(stored.state) as Pick<CostState, 'prices' | 'currency'>;
  const perHour = prices[spec.serving.instanceType];
  return perHour === undefined ? undefined : { perHour, currency };
}

/** The order in which they ran, which is that of the charter. */
function byStart(left: GateResult, right: GateResult): number {
  return left.startedAt === right.startedAt ? 0 : left.startedAt < right.startedAt ? -1 : 1;
}

async function boardsOf({ ledger }: StepParts, releaseId: string): Promise<ApprovalRecord[]> {
  const asked = await Promise.all(APPROVAL_KINDS.map((kind) => ledger.get<ApprovalRecord>(ledgerKeys.approval(releaseId, kind))));
  return asked.filter((board) => board !== undefined);
}

async function changesSince({ ledger }: StepParts, requestedAt: string): Promise<TrafficChange[]> {
  const changes = await ledger.queryBackwards<TrafficChange>(ledgerKeys.controlChange(0).pk, ({ at }) => at >= requestedAt);
  return changes.map(plain);
}

async function refusalsOf({ ledger }: StepParts, { id, requestedAt }: StoredRelease): Promise<RefusalEvidence[]> {
  const refusals = await ledger.queryBackwards<RefusalRecord>(ledgerKeys.refusal('', '').pk, ({ at }) => at >= requestedAt);
  return refusals
    .filter(({ releaseId }) => releaseId === id)
    .map(({ at, what, by, releaseId, reason }) => ({ at, what, by, ...(releaseId === undefined ? {} : { releaseId }), reason }));
}

/** A release ends whatever the registry says; the bundle says that it could not be asked. */
async function modelOf({ sagemaker }: StepParts, { id, spec }: StoredRelease): Promise<ModelFacts> {
  if (spec.model.modelPackageArn === undefined) {
    return modelFacts(spec);
  }
  try {
    return modelFacts(spec, await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: spec.model.modelPackageArn })));
  } catch (error) {
    logger.error('The model registry could not be asked', { error, releaseId: id });
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ...modelFacts(spec), notRead: reason };
  }
}

type Measured = Pick<BundleParts, 'opened' | 'closed' | 'measurements' | 'verdict'> & { looks?: LooksEvidence };

async function measuredOf({ ledger }: StepParts, { id, openedSteps: opened = [] }: StoredRelease): Promise<Measured> {
  const closed = await Promise.all(opened.map((_, index) => ledger.get<ClosedStep>(ledgerKeys.stepResult(id, index))));
  const { lines, last, at } = await looksOf(ledger, id, closed.findLast((step) => step?.by === VERDICT)?.at);
  const looks = looksEvidence(id, lines);
  return {
    opened,
    closed,
    measurements: last?.kpis ?? [],
    ...(at === undefined ? {} : { verdict: at }),
    ...(looks === undefined ? {} : { looks }),
  };
}

/** All looks in short; of the last one and of the one at that time everything. */
async function looksOf(ledger: StepParts['ledger'], releaseId: string, decidedAt: string | undefined) {
  const { pk, sk } = ledgerKeys.look(releaseId, '');
  const lines: LookLine[] = [];
  let last: VerdictRecord | undefined;
  let at: VerdictRecord | undefined;
  for await (const looks of ledger.pages<StoredLook>(pk, sk)) {
    for (const { verdict } of looks) {
      last = JSON.parse(verdict) as VerdictRecord;
      if (last.at === decidedAt) at = last;
      lines.push(lookLine(last));
    }
  }
  return { lines, last, at };
}

function plain<T extends object>(item: T): T {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'pk' && name !== 'sk')) as T;
}
