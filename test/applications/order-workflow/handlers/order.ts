export interface OrderLine {
  sku: string;
  quantity: number;
  unitPrice: number;
}

export interface Order {
  orderId: string;
  customer: string;
  card: string;
  lines: OrderLine[];
}

/** What is wrong with what was sent; empty: it is an order. */
export function problemsOf(sent: unknown): string[] {
  const order = (sent ?? {}) as Partial<Order>;
  const problems: string[] = [];
  if (typeof order.orderId !== 'string' || order.orderId === '') problems.push('orderId is a text');
  if (typeof order.customer !== 'string') problems.push('customer is a text');
  if (typeof order.card !== 'string') problems.push('card is a text');
  if (!Array.isArray(order.lines) || order.lines.length === 0) problems.push('lines has at least one line');
  else if (!order.lines.every((line) => typeof line.sku === 'string' && line.quantity > 0 && line.unitPrice >= 0))
    problems.push('each line has sku, quantity above 0 and unitPrice');
  return problems;
}

export const orderPlaced = (bus: string, order: Order) => ({
  Entries: [{ EventBusName: bus, Source: 'shop.orders', DetailType: 'OrderPlaced', Detail: JSON.stringify(order) }],
});
