import type { Clock, FaultWindow, Random } from '../../cloud/types';
import type { Constructs } from '../constructs';
import { matchesPattern } from '../iam/match';

/** When one fault strikes: its time, how often it still may, and its own stream of chance. */
export class FaultClock {
  private left: number;

  constructor(
    private readonly window: FaultWindow,
    readonly random: Random,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.left = window.times ?? Infinity;
  }

  get open(): boolean {
    const now = this.clock.now();
    return this.left > 0 && now >= this.window.fromMillis && now < this.window.untilMillis;
  }

  /** Whether it strikes now; uses up one of its times. */
  strikes(): boolean {
    if (!this.open || (this.window.share !== undefined && this.random.next() >= this.window.share)) return false;
    this.left -= 1;
    return true;
  }
}

/** The resource that a fault is about: an ARN, or what stands at a construct path. */
export class FaultTarget {
  private arns: string[] = [];
  private version = -1;

  constructor(
    private readonly named: string,
    private readonly constructs: Constructs,
  ) {}

  /** What belongs to the resource counts: objects of a bucket, indexes of a table. */
  covers(arn: string): boolean {
    return this.wanted().some((wanted) => matchesPattern(wanted, arn) || arn.startsWith(`${wanted}/`) || arn.startsWith(`${wanted}:`));
  }

  private wanted(): string[] {
    if (this.version === this.constructs.version) return this.arns;
    this.version = this.constructs.version;
    this.arns = this.named.startsWith('arn:') ? [this.named] : this.constructs.arnsAt(this.named);
    return this.arns;
  }
}
