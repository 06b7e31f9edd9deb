import type { DriftPolicy } from '../../contracts/drift';
import { canonicalJson } from '../../hash';
import type { Row } from '../types';
import { sampleCellOf } from './derive';
import { finished, hash32 } from './hash';
import type { Sample, SampleCell, Sampler, SampleRow } from './types';

export const SAMPLE_ROWS = 20_000;

/** Keeps the rows with the smallest hashes, in twice their room. Texts become facts. */
export function createSampler({ features }: Pick<DriftPolicy, 'features'>, size = SAMPLE_ROWS): Sampler {
  const kinds = features.map(({ kind }) => kind);
  const kept = new Smallest(size);
  let seen = 0;
  return {
    add: ({ id, atMillis, cells }: Row) => {
      seen += 1;
      const hash = rowHash(id, atMillis);
      if (hash > kept.limit) return;
      const time = atMillis === undefined ? {} : { atMillis };
      kept.add({ hash, id: own(id), ...time, cells: kinds.map((kind, index) => ownCell(sampleCellOf(cells[index], kind))) });
    },
    merge: (other: Sample) => {
      if (other.size !== size) throw new Error(`a sample of ${other.size} rows does not merge into one of ${size}: give them one size`);
      seen += other.seen;
      for (const row of other.rows) if (row.hash <= kept.limit) kept.add(row);
    },
    sample: () => ({ schema: 'sluice.drift-sample/v1', size, seen, rows: kept.inOrder() }),
  };
}

/** The time is part of it: callers may give the same inference id to many requests. */
const rowHash = (id: string, atMillis = 0): number => finished(hash32(id) ^ Math.imul(atMillis, 0x9e3779b1) ^ (atMillis / 2 ** 32));

/** Cut out of a larger text, a text keeps all of it in memory. */
const own = (text: string): string => (text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le'));

const ownCell = (cell: SampleCell): SampleCell => (typeof cell === 'string' ? own(cell) : cell);

class Smallest {
  private rows: SampleRow[] = [];
  /** Rows with a larger hash are not among the smallest. */
  limit = Infinity;

  constructor(private readonly size: number) {}

  add(row: SampleRow): void {
    this.rows.push(row);
    if (this.rows.length >= 2 * this.size + 1) this.cut();
  }

  inOrder(): SampleRow[] {
    this.cut();
    return [...this.rows];
  }

  private cut(): void {
    this.rows = this.rows.sort(compared).slice(0, this.size);
    if (this.rows.length === this.size) this.limit = this.rows.at(-1)?.hash ?? Infinity;
  }
}

/** A total order: what is equal in it is equal. */
function compared(left: SampleRow, right: SampleRow): number {
  if (left.hash !== right.hash) return left.hash - right.hash;
  if (left.id !== right.id) return left.id < right.id ? -1 : 1;
  const [one, other] = [canonicalJson([left.atMillis ?? null, left.cells]), canonicalJson([right.atMillis ?? null, right.cells])];
  return one < other ? -1 : one === other ? 0 : 1;
}
