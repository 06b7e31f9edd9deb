import { ledgerKeys } from '../../core/contracts';
import type { HoldoutReview } from '../../core/holdout';
import type { CloudEvent } from '../cloud/types';
import type { History } from './history';

/** What the permanent holdout said at last. */
export interface HoldoutResult {
  /** How many days were reviewed. */
  reviews: number;
  day: string;
  stable: string;
  kpis: Pick<HoldoutReview['kpis'][number], 'kpi' | 'lift' | 'money' | 'words'>[];
  criteria: HoldoutReview['criteria'];
  /** How often owners were told that a kill criterion is met. */
  told: number;
}

export function holdoutResult({ ledger, startMillis }: History, log: readonly CloudEvent[]): HoldoutResult | undefined {
  const { pk, sk } = ledgerKeys.holdoutReview('');
  const reviews = [...ledger]
    .filter(([key]) => key.startsWith(`${pk}|${sk}`))
    .map(([, item]) => JSON.parse(String(item.review)) as HoldoutReview);
  const last = reviews.sort((one, other) => (one.day < other.day ? -1 : 1)).at(-1);
  if (last === undefined) return undefined;
  const { day, stable, criteria } = last;
  const kpis = last.kpis.map(({ kpi, lift, money, words }) => ({ kpi, lift, ...(money === undefined ? {} : { money }), words }));
  const told = log.filter((event) => event.atMillis >= startMillis && isCriterionMail(event)).length;
  return { reviews: reviews.length, day, stable, kpis, criteria, told };
}

const isCriterionMail = ({ source, event, detail }: CloudEvent): boolean =>
  source === 'sns' && event === 'email' && /: kill criterion met /.test(String(detail.subject));
