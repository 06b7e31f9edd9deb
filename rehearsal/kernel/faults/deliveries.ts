import type { Clock, DeliveryFault, DeliveryFaults, Random } from '../../cloud/types';
import type { Constructs } from '../constructs';
import { FaultClock, FaultTarget } from './window';

interface Armed {
  fault: DeliveryFault;
  when: FaultClock;
  from: FaultTarget;
}

/** Faults on what queues and rules deliver. */
export class DeliveryPlan implements DeliveryFaults {
  private readonly armed: Armed[] = [];

  constructor(
    private readonly random: Random,
    private readonly constructs: Constructs,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  add(fault: DeliveryFault): void {
    const when = new FaultClock(fault, this.random.fork(`delivery fault ${this.armed.length}`), this.clock);
    this.armed.push({ fault, when, from: new FaultTarget(fault.from, this.constructs) });
  }

  strike(fromArn: string): readonly number[] | undefined {
    if (this.armed.length === 0) return undefined;
    let copies: number[] | undefined;
    for (const { fault, when, from } of this.armed) {
      if (!when.open || !from.covers(fromArn) || !when.strikes()) continue;
      copies ??= [0];
      const laterMillis = 1 + Math.floor(when.random.next() * fault.byMillis);
      if (fault.deliver === 'duplicate') copies.push(laterMillis);
      else copies = copies.map((millis) => millis + laterMillis);
    }
    return copies;
  }
}
