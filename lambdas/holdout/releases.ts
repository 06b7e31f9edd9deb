import { type ControlRecord, ledgerKeys } from '../../core/contracts';
import { type LiveRelease, stableSpans, type StableSpan } from '../../core/holdout';
import { IF_ABSENT, type Ledger } from '../shared/ledger';
import type { StoredRelease } from '../shared/releases';

/** When a release's counters were added to. */
export interface Comparison {
  releaseId: string;
  fromMillis: number;
  untilMillis: number;
}

export interface ReleaseHistory {
  live: LiveRelease[];
  spans: StableSpan[];
  comparisons: Comparison[];
}

/** What was stable when, and under which releases units were counted. */
export async function readHistory(ledger: Ledger, control: ControlRecord, at: string): Promise<ReleaseHistory> {
  const records = await ledger.query<StoredRelease>(RELEASES);
  const live = [...records.flatMap(liveOf), ...(await foundReleases(ledger, control, records, at))];
  const spans = stableSpans(live);
  const comparisons = records.map((record) => comparisonOf(record, spans));
  const found = spans.filter(({ releaseId }) => !records.some(({ id }) => id === releaseId)).map((span) => ({ ...span, fromMillis: 0 }));
  return { live, spans, comparisons: [...comparisons, ...found] };
}

const RELEASES = ledgerKeys.release('').pk;
const FOUND_PREFIX = ledgerKeys.holdoutStable('').sk;

function liveOf({ id, liveSince, status, endedAt, revival }: StoredRelease): LiveRelease[] {
  const since = liveSince ?? (status === 'promoted' ? endedAt : undefined);
  return since === undefined ? [] : [{ releaseId: id, liveSinceMillis: Date.parse(since), revival: revival === true }];
}

/** An adopted endpoint was never released: it counts from the first look that found it stable. */
async function foundReleases(ledger: Ledger, { stable }: ControlRecord, records: StoredRelease[], at: string): Promise<LiveRelease[]> {
  if (stable !== undefined && !records.some(({ id }) => id === stable.releaseId)) {
    await ledger.put(ledgerKeys.holdoutStable(stable.releaseId), { since: at }, IF_ABSENT);
  }
  const found = await ledger.query<{ since: string }>(ledgerKeys.holdoutLatest().pk, FOUND_PREFIX);
  return found.map(({ sk, since }) => ({ releaseId: sk.slice(FOUND_PREFIX.length), liveSinceMillis: Date.parse(since), revival: false }));
}

/** A release that became stable is counted under until the next one does: every candidate in between has counters of its own. */
function comparisonOf({ id, requestedAt, endedAt }: StoredRelease, spans: StableSpan[]): Comparison {
  const span = spans.find(({ releaseId }) => releaseId === id);
  const ended = endedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(endedAt);
  return { releaseId: id, fromMillis: Date.parse(requestedAt), untilMillis: span?.untilMillis ?? ended };
}
