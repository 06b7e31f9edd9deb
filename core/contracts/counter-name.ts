import { sha256Hex } from '../hash';
import type { KpiPolicy } from './release';

type Scaled = Pick<KpiPolicy, 'name' | 'type' | 'better' | 'aboveMillis' | 'cap' | 'typical'>;

const DIGEST_CHARACTERS = 6;

/** Under which name a KPI is counted: with another threshold or scale it is another count, so a deploy never mixes two. */
export function counterName({ name, type, better, aboveMillis, cap, typical }: Scaled): string {
  if (type === 'binary') return name;
  if (type === 'latency') return `${name}@${aboveMillis}`;
  return `${name}@${sha256Hex(JSON.stringify([better, cap, typical?.mean, typical?.standardDeviation])).slice(0, DIGEST_CHARACTERS)}`;
}
