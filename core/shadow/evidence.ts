/** Evidence of 20 in 1 against "as many agree as demanded": at most 5 % of shadows that do are ended early, however often one looks. */
const ENOUGH = 20;
/** How much is bet on every answer; the mean over them is a martingale under the demand as well. */
const BETS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];

/** Whether fewer answers agree than demanded, beyond doubt: a test martingale over the counts, valid at every look. */
export function surelyBelow(agreed: number, compared: number, demanded: number): boolean {
  const disagreed = compared - agreed;
  // A bet must leave something over when an answer agrees.
  const bets = BETS.filter((bet) => bet * (1 - demanded) < 1);
  const capitals = bets.map((bet) => disagreed * Math.log1p(bet * demanded) + agreed * Math.log1p(-bet * (1 - demanded)));
  const most = Math.max(...capitals);
  const mean = capitals.reduce((sum, capital) => sum + Math.exp(capital - most), 0) / capitals.length;
  return most + Math.log(mean) >= Math.log(ENOUGH);
}
