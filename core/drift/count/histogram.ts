/** Cell of a histogram: the number of edges that are not above the value. */
export function cellOf(edges: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Cells of the grid that is laid over the edges. */
export const GRID = 128;

/** Finds cells as `cellOf` does, in one or two steps: a grid of equal widths says where to begin. */
export class CellFinder {
  private readonly edges: Float64Array;
  /** Edges that are certainly not above the values of a grid cell. */
  readonly begin = new Uint16Array(GRID);
  readonly low: number;
  readonly scale: number;

  constructor(edges: readonly number[]) {
    this.edges = Float64Array.from(edges);
    this.low = edges[0] ?? 0;
    const width = (edges.at(-1) ?? 0) - this.low;
    const scale = GRID / width;
    this.scale = Number.isFinite(scale) ? scale : 0;
    const places = edges.map((edge) => this.placeOf(edge));
    for (let at = 0; at < GRID; at += 1) this.begin[at] = places.filter((place) => place < at).length;
  }

  find(value: number): number {
    const { edges } = this;
    let cell = this.begin[this.placeOf(value)] as number;
    while (cell < edges.length && (edges[cell] as number) <= value) cell += 1;
    return cell;
  }

  /** Never falls where values rise, so that an edge of an earlier place is below. */
  private placeOf(value: number): number {
    const place = (value - this.low) * this.scale;
    return place > 0 ? (place < GRID ? place | 0 : GRID - 1) : 0;
  }
}
