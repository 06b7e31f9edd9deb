import type { Skipped } from '../types';

const SAMPLES = 10;

type Sample = Skipped['samples'][number];

/** Lines that were left out: all counted, the first few by place kept. */
export class SkippedTally {
  private readonly counts = new Map<string, number>();
  private samples: Sample[] = [];

  add(file: string, line: number, problem: string, detail = problem): void {
    this.counts.set(problem, (this.counts.get(problem) ?? 0) + 1);
    const sample = { place: `${file}:${line}`, problem: detail };
    const last = this.samples.at(-1);
    if (this.samples.length < SAMPLES || (last !== undefined && compared(sample, last) < 0))
      this.samples = first([...this.samples, sample]);
  }

  result(): Skipped {
    return { counts: inOrder(this.counts), samples: [...this.samples] };
  }
}

export function mergeSkipped(parts: Skipped[]): Skipped {
  const counts = new Map<string, number>();
  for (const part of parts) {
    for (const [problem, count] of Object.entries(part.counts)) counts.set(problem, (counts.get(problem) ?? 0) + count);
  }
  return { counts: inOrder(counts), samples: first(parts.flatMap(({ samples }) => samples)) };
}

export const nothingSkipped = (): Skipped => ({ counts: {}, samples: [] });

export const skippedLines = ({ counts }: Skipped): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

const first = (samples: Sample[]): Sample[] => samples.sort(compared).slice(0, SAMPLES);

/** The same names in the same order, whatever came first. */
const inOrder = (counts: Map<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));

/** By file, then by line. */
function compared(left: Sample, right: Sample): number {
  const [leftFile, leftLine] = partsOf(left.place);
  const [rightFile, rightLine] = partsOf(right.place);
  if (leftFile !== rightFile) return leftFile < rightFile ? -1 : 1;
  if (leftLine !== rightLine) return leftLine - rightLine;
  return left.problem < right.problem ? -1 : left.problem === right.problem ? 0 : 1;
}

function partsOf(place: string): [string, number] {
  const colon = place.lastIndexOf(':');
  return [place.slice(0, colon), Number(place.slice(colon + 1))];
}
