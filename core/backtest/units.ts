import { createHash } from 'node:crypto';

const ARMS = 64;
const FLAGS = 2 ** 21;
const HASH_BYTES = 6;

/** Where each unit was first exposed, and what was counted of it: two numbers for each unit. */
export class UnitTable {
  /** (minute of first exposure, arm, flags), packed into one exact integer. */
  private readonly units = new Map<number, number>();

  get size(): number {
    return this.units.size;
  }

  /** First reading: the earliest row of a unit says minute and arm. */
  meet(unit: string, minute: number, arm: number): void {
    const key = keyOf(unit);
    const known = this.units.get(key);
    const packed = (minute * ARMS + arm) * FLAGS;
    if (known === undefined || Math.floor(packed / FLAGS / ARMS) < Math.floor(known / FLAGS / ARMS)) this.units.set(key, packed);
  }

  /** Second reading. */
  exposureOf(unit: string): { minute: number; arm: number } | undefined {
    const packed = this.units.get(keyOf(unit));
    if (packed === undefined) return undefined;
    const place = Math.floor(packed / FLAGS);
    return { minute: Math.floor(place / ARMS), arm: place % ARMS };
  }

  /** Raises one of the unit's 21 flags; true where it was down. */
  raise(unit: string, flag: number): boolean {
    const key = keyOf(unit);
    const packed = this.units.get(key) ?? 0;
    if (Math.floor((packed % FLAGS) / 2 ** flag) % 2 === 1) return false;
    this.units.set(key, packed + 2 ** flag);
    return true;
  }
}

/** 48 bits: among ten million units two share a key with a chance of one in six, and then count as one. */
const keyOf = (unit: string): number => createHash('sha256').update(unit).digest().readUIntBE(0, HASH_BYTES);
