import type { Cell } from '../types';
import { fillCells, rowsOfBody } from './body';
import { sideOf } from './sides';
import type { CapturedRecord, ReadPolicy } from './types';

/** The value of one feature in a record, as `createCaptureReader` reads it. Undefined: it has none, or the record is a batch. */
export function createCellReader(policy: ReadPolicy, feature: string): (record: CapturedRecord) => number | string | undefined {
  const found = policy.features.find(({ name }) => name === feature);
  if (found === undefined) {
    throw new Error(`there is no feature ${feature}: give one of ${policy.features.map(({ name }) => name).join(', ')}`);
  }
  const side = sideOf({ ...policy, features: [found] }, found.side);
  const cells: Cell[] = [undefined];
  return ({ request, answer }) => {
    const body = found.side === 'input' ? request : answer;
    const rows = body === undefined ? [] : rowsOfBody(body, undefined, side);
    const [row] = rows;
    if (typeof rows === 'string' || rows.length !== 1 || typeof row !== 'object') return undefined;
    if (fillCells(row, side, cells) !== undefined) return undefined;
    const [cell] = cells;
    return typeof cell === 'symbol' ? undefined : cell;
  };
}
