import type { Order } from './order';

const EXPRESS_FEE = 15;

/** Total of an order in whole cents, so that sums are exact. */
export async function handler(order: Order & { express?: boolean }): Promise<{ totalCents: number; lineCount: number; currency: string }> {
  const cents = order.lines.reduce((sum, line) => sum + Math.round(line.unitPrice * 100) * line.quantity, 0);
  return { totalCents: cents + (order.express === true ? EXPRESS_FEE * 100 : 0), lineCount: order.lines.length, currency: 'EUR' };
}
