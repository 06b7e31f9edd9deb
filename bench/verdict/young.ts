import type { KpiPolicy } from '../../core/contracts';
import type { Stratum } from '../../core/verdict';
import { ROLLBACK_GRID, stratumLogs } from '../../core/verdict';
import { reached, STRATUM_MINUTES } from './ours';
import type { Tallies } from './tally';
import { ofControl, UNITS } from './tally';

/** An outcome that arrives: where it belongs. */
export interface Arrival {
  exposedMinute: number;
  candidate: boolean;
}

/** Rollback where the charter declares equal delays: every exposure counts at once, its outcome when it comes. */
export class YoungRollback {
  private readonly grid: number[];
  private readonly strata: Stratum[] = [];
  private readonly logs: number[][] = [];
  private readonly totals: number[];

  constructor({ better }: Pick<KpiPolicy, 'better'>) {
    this.grid = ROLLBACK_GRID[better];
    this.totals = this.grid.map(() => 0);
  }

  minute(exposed: Tallies, arrived: Arrival[], minute: number): boolean {
    const open = this.stratumAt(minute);
    open.nC += exposed.candidate[UNITS] ?? 0;
    open.nB += ofControl(exposed, UNITS);
    const changed = new Set([Math.floor(minute / STRATUM_MINUTES)]);
    for (const { exposedMinute, candidate } of arrived) {
      const stratum = this.stratumAt(exposedMinute);
      if (candidate) stratum.xC += 1;
      else stratum.xB += 1;
      changed.add(Math.floor(exposedMinute / STRATUM_MINUTES));
    }
    for (const index of changed) this.update(index);
    return reached(this.totals);
  }

  private stratumAt(minute: number): Stratum {
    return (this.strata[Math.floor(minute / STRATUM_MINUTES)] ??= { nC: 0, nB: 0, xC: 0, xB: 0 });
  }

  private update(index: number): void {
    const stratum = this.strata[index];
    if (stratum === undefined) return;
    const before = this.logs[index] ?? [];
    const after = stratumLogs(stratum, 1, this.grid);
    after.forEach((log, bet) => (this.totals[bet] = (this.totals[bet] ?? 0) + log - (before[bet] ?? 0)));
    this.logs[index] = after;
  }
}
