import { COST_ARMS, type CostArm } from '../contracts/cost';

/** Price of an hour; undefined: not known, which is never the same as nothing. */
export type PriceOf = (what: string) => number | undefined;

/** Something that is billed by its time: an instance type, or what serverless endpoints are billed for. */
export interface Billed {
  arm: CostArm;
  /** Key of the price book, such as `ml.g5.xlarge`. */
  what: string;
}

export interface Usage extends Billed {
  /** Seconds × instances. */
  seconds: number;
}

/** What one thing has cost in a day or a month. */
export interface CostLine extends Usage {
  /** Of the seconds whose price was known. */
  amount: number;
  unpricedSeconds: number;
}

const sameLine = (one: Billed, other: Billed): boolean => one.arm === other.arm && one.what === other.what;

/** The lines with the usage added, at the prices of now. */
export function addUsage(lines: CostLine[], usage: Usage[], priceOf: PriceOf): CostLine[] {
  const next = lines.map((line) => ({ ...line }));
  for (const { arm, what, seconds } of usage) {
    if (seconds <= 0) continue;
    const found = next.find((line) => sameLine(line, { arm, what }));
    const line = found ?? { arm, what, seconds: 0, amount: 0, unpricedSeconds: 0 };
    if (found === undefined) next.push(line);
    const price = priceOf(what);
    line.seconds += seconds;
    if (price === undefined) line.unpricedSeconds += seconds;
    else line.amount += (seconds / 3600) * price;
  }
  return next;
}

/** Hours of which the price became known since they were counted. */
export function repriced(lines: CostLine[], priceOf: PriceOf): CostLine[] {
  return lines.map((line) => {
    const price = line.unpricedSeconds > 0 ? priceOf(line.what) : undefined;
    return price === undefined ? line : { ...line, amount: line.amount + (line.unpricedSeconds / 3600) * price, unpricedSeconds: 0 };
  });
}

/** Prices of an hour, of what the lines are of; what has none is left out. */
export const pricesOf = (lines: Pick<CostLine, 'what'>[], priceOf: PriceOf): Record<string, number> =>
  Object.fromEntries(
    lines.flatMap(({ what }) => {
      const price = priceOf(what);
      return price === undefined ? [] : [[what, price]];
    }),
  );

export const amountOf = (lines: CostLine[]): number => lines.reduce((sum, { amount }) => sum + amount, 0);

export function amountByArm(lines: CostLine[]): Record<CostArm, number> {
  const byArm = Object.fromEntries(COST_ARMS.map((arm) => [arm, 0])) as Record<CostArm, number>;
  for (const { arm, amount } of lines) byArm[arm] += amount;
  return byArm;
}

/** Seconds without a price, by what they are of. */
export function unpricedSeconds(lines: CostLine[]): Record<string, number> {
  const byWhat: Record<string, number> = {};
  for (const { what, unpricedSeconds: seconds } of lines) if (seconds > 0) byWhat[what] = (byWhat[what] ?? 0) + seconds;
  return byWhat;
}
