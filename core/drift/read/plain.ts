import type { Cell, Row, RowSink } from '../types';
import { type BodyRow, fillCells, rowsOfBody } from './body';
import { bodyOf, type Envelope, envelopeOf } from './record';
import { type Side, sidesOf } from './sides';
import type { CaptureOptions, ReadPolicy } from './types';
import { UsualBody } from './usual';

/** Reads lines with `JSON.parse`. */
export class PlainReader {
  private readonly sides: Side[];
  private readonly usual: UsualBody[];
  private readonly row: Row;
  private readonly cells: Cell[];
  private readonly fromMillis: number;
  private readonly untilMillis: number;
  rows = 0;

  constructor(
    policy: ReadPolicy,
    private readonly sink: RowSink,
    { fromMillis = Number.NEGATIVE_INFINITY, untilMillis = Number.POSITIVE_INFINITY }: CaptureOptions,
  ) {
    this.sides = sidesOf(policy);
    this.fromMillis = fromMillis;
    this.untilMillis = untilMillis;
    this.cells = policy.features.map(() => undefined);
    this.usual = this.sides.map((side) => new UsualBody(side, this.cells));
    this.row = { id: '', atMillis: 0, cells: this.cells };
  }

  /** Gives the rows of a line to the sink, or what is wrong with it. */
  read(text: string): string | undefined {
    const envelope = envelopeOf(text);
    if (typeof envelope === 'string') return envelope;
    if (envelope.atMillis < this.fromMillis || envelope.atMillis >= this.untilMillis) return undefined;
    if (!this.isUsual(envelope)) return this.readBodies(envelope);
    this.send(envelope, envelope.id);
    return undefined;
  }

  /** Fills the cells where each side has one row that is quick to read. */
  private isUsual(envelope: Envelope): boolean {
    const { sides, usual } = this;
    for (let index = 0; index < sides.length; index += 1) {
      const raw = envelope[(sides[index] as Side).name];
      if (raw === undefined || !(usual[index] as UsualBody).fill(raw)) return false;
    }
    return true;
  }

  private send({ atMillis }: Envelope, id: string): void {
    this.rows += 1;
    this.row.id = id;
    this.row.atMillis = atMillis;
    this.sink(this.row);
  }

  private readBodies(envelope: Envelope): string | undefined {
    const bodies: BodyRow[][] = [];
    for (const side of this.sides) {
      const rows = rowsOf(envelope, side);
      if (typeof rows === 'string') return rows;
      bodies.push(rows);
    }
    const [first = [], second] = bodies;
    if (second !== undefined && second.length !== first.length) return 'request and answer have different numbers of rows';
    if (first.length <= 1) return this.give(envelope, bodies, 0, envelope.id);
    return this.giveMany(envelope, bodies, first.length);
  }

  /** All rows of a record, or none. */
  private giveMany(envelope: Envelope, bodies: BodyRow[][], count: number): string | undefined {
    for (let index = 0; index < count; index += 1) {
      const problem = this.fill(bodies, index);
      if (problem !== undefined) return problem;
    }
    for (let index = 0; index < count; index += 1) this.give(envelope, bodies, index, `${envelope.id}#${index + 1}`);
    return undefined;
  }

  private give(envelope: Envelope, bodies: BodyRow[][], index: number, id: string): string | undefined {
    const problem = this.fill(bodies, index);
    if (problem !== undefined) return problem;
    this.send(envelope, id);
    return undefined;
  }

  private fill(bodies: BodyRow[][], index: number): string | undefined {
    for (let at = 0; at < this.sides.length; at += 1) {
      const row = bodies[at]?.[index];
      if (row === undefined) continue;
      const problem = fillCells(row, this.sides[at] as Side, this.cells);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}

/** The rows of one side of a record, or what is wrong with it. */
export function rowsOf(envelope: Pick<Envelope, 'input' | 'output'>, side: Side): BodyRow[] | string {
  const raw = envelope[side.name];
  if (raw === undefined) return `the record has no ${side.words}`;
  const body = bodyOf(raw, side.words);
  return typeof body === 'string' ? body : rowsOfBody(body, raw.encoding, side);
}
