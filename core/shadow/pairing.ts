import { agree, type AgreementRule, type Comparable, comparableOf } from './agreement';
import type { CapturedAnswer } from './captures';

/** `stable` answered the caller, `shadow` got a copy of the request. */
export type Side = 'stable' | 'shadow';

export interface PairCounts {
  /** Requests that both answered, with something to compare. */
  compared: number;
  agreed: number;
  /** Pairs of which neither answer has the field. */
  withoutField: number;
}

interface Waiting extends Comparable {
  atMillis: number;
}

/** Captures are written minutes apart: an answer waits so long for its counterpart. */
const PATIENCE_MILLIS = 15 * 60_000;

/** Joins the answers of both variants to the same request, in whichever order their files come. */
export class Pairing {
  readonly counts: PairCounts = { compared: 0, agreed: 0, withoutField: 0 };
  private readonly waiting: Record<Side, Map<string, Waiting>> = { stable: new Map(), shadow: new Map() };

  constructor(private readonly rule: AgreementRule) {}

  add(side: Side, answers: CapturedAnswer[]): void {
    const own = this.waiting[side];
    const others = this.waiting[side === 'stable' ? 'shadow' : 'stable'];
    for (const { id, atMillis, body } of answers) {
      const answer = comparableOf(body, this.rule);
      const counterpart = others.get(id);
      if (counterpart === undefined) {
        own.set(id, { ...answer, atMillis });
        continue;
      }
      others.delete(id);
      this.count(answer, counterpart);
    }
  }

  /** Answers whose counterpart will not come any more: those of requests that were not copied. */
  forget(nowMillis: number): void {
    for (const answers of Object.values(this.waiting)) {
      for (const [id, { atMillis }] of answers) if (nowMillis - atMillis > PATIENCE_MILLIS) answers.delete(id);
    }
  }

  get waitingCount(): number {
    return this.waiting.stable.size + this.waiting.shadow.size;
  }

  private count(one: Comparable, other: Comparable): void {
    if (!one.found && !other.found) {
      this.counts.withoutField += 1;
      return;
    }
    this.counts.compared += 1;
    if (agree(one, other, this.rule.tolerance)) this.counts.agreed += 1;
  }
}
