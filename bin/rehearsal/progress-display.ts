import pc from 'picocolors';
import { succeeded, type RehearsalResult } from '../../rehearsal';
import type { Io } from '../io';

/** How far a scenario is, whatever runs. */
interface Shown {
  scenarioName: string;
  t: number;
  ofSeconds: number;
}

const CLEAR_LINE = '\r\x1b[2K';

/** Live progress on standard error: one line that moves on a terminal, a line per quarter elsewhere. */
export class ProgressDisplay<P extends Shown> {
  private readonly live: boolean;
  private readonly current = new Map<string, P>();
  private readonly quarters = new Map<string, number>();

  constructor(
    private readonly io: Io,
    private readonly json: boolean,
    private readonly scenarios: number,
    private readonly lineOf: (progress: P) => string,
  ) {
    this.live = (io.stderr as { isTTY?: boolean }).isTTY === true;
  }

  show(progress: P): void {
    this.current.set(progress.scenarioName, progress);
    if (this.live) {
      this.draw();
      return;
    }
    const quarter = Math.floor((4 * progress.t) / progress.ofSeconds);
    if (quarter <= (this.quarters.get(progress.scenarioName) ?? 0) || quarter > 3) return;
    this.quarters.set(progress.scenarioName, quarter);
    this.io.stderr.write(`${this.lineOf(progress)}\n`);
  }

  /** A line per scenario that stays: on standard output, unless that is for machines. */
  finished(scenarioName: string, summary: string): void {
    this.current.delete(scenarioName);
    if (this.live) this.io.stderr.write(CLEAR_LINE);
    const out = this.json ? this.io.stderr : this.io.stdout;
    if (this.scenarios > 1) out.write(`${summary}\n`);
    if (this.live) this.draw();
  }

  close(): void {
    if (this.live) this.io.stderr.write(CLEAR_LINE);
  }

  private draw(): void {
    const lines = [...this.current.values()].map((progress) => this.lineOf(progress));
    this.io.stderr.write(`${CLEAR_LINE}${lines.join('  │  ')}`);
  }
}

/** One scenario in a line: mark, name, outcome, who answered, how long, and what did not hold. */
export function summaryLine(result: RehearsalResult): string {
  const ok = succeeded(result);
  const { byArm, total } = result.requests;
  const last = result.releases.at(-1);
  const broken = [
    ...result.expectations.filter(({ held }) => !held).map(({ text, seen }) => `${text}: ${seen ?? 'no'}`),
    ...result.invariants.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.[0] ?? 'broken'}`),
  ];
  const facts = `${result.outcome.padEnd(11)} ${String(total).padStart(6)} requests, ${String(byArm.candidate).padStart(5)} by the candidate, ${result.wallSeconds.toFixed(1)} s`;
  const lines = [`${ok ? pc.green('✓') : pc.red('✗')} ${result.scenario.padEnd(22)} ${facts}`];
  if (last?.reason !== undefined) lines.push(pc.dim(`    ${last.reason}`));
  return [...lines, ...broken.map((text) => pc.red(`    did not hold: ${text}`))].join('\n');
}
