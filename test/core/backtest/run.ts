import { backtest, parseKpi, type BacktestPlan, type BacktestResult } from '../../../core/backtest';
import { rowsOf, sourceOf, type TableFormat } from '../../../core/tables';

/** A plan as the command makes it without a charter. */
export function planFor(kpis: string[], change: Partial<BacktestPlan> = {}): BacktestPlan {
  return {
    columns: { arm: 'arm', time: 'time' },
    kpis: kpis.map((text) => parseKpi(text)),
    rollout: {
      strategy: 'canary',
      steps: [],
      maxDurationMinutes: Number.POSITIVE_INFINITY,
      inconclusive: 'hold',
      holdout: 0,
      rollbackAlpha: 0.05,
      promotionAlpha: 0.05,
      promoteEarly: true,
      stratumMinutes: 5,
    },
    margins: [0.05, 0.1, 0.2, 0.3],
    ...change,
  };
}

export const backtestOf = (plan: BacktestPlan, content: string | Uint8Array, format: TableFormat = 'csv'): Promise<BacktestResult> =>
  backtest(plan, () => rowsOf(format, sourceOf(typeof content === 'string' ? Buffer.from(content) : content)));
