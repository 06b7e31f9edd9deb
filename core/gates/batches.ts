/** Lines of a data set that one invocation scores: by place, never by content. */
export interface Batch {
  number: number;
  firstLine: number;
  /** Bytes from `from` up to, not including, `to`. */
  from: number;
  to: number;
  lines: number;
}

const LINES_PER_BATCH = 20;
/** The list of batches is data of a workflow, which holds 256 KiB. */
const MOST_BATCHES = 1_000;

/** Where a line begins and ends. */
export interface LinePlace {
  line: number;
  from: number;
  to: number;
}

export function batchesOf(places: LinePlace[]): Batch[] {
  const size = Math.max(LINES_PER_BATCH, Math.ceil(places.length / MOST_BATCHES));
  const batches: Batch[] = [];
  for (let at = 0; at < places.length; at += size) {
    const part = places.slice(at, at + size);
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) break;
    batches.push({ number: batches.length, firstLine: first.line, from: first.from, to: last.to, lines: part.length });
  }
  return batches;
}
