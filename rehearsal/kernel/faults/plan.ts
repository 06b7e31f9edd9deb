import type { Clock, Fault, Permission, Random } from '../../cloud/types';
import type { Constructs } from '../constructs';
import { Strike } from './strike';
import { FaultClock, FaultTarget } from './window';

interface Armed {
  fault: Fault;
  when: FaultClock;
  target: FaultTarget | undefined;
}

const EVERY = '*';

/** Faults of the scenario on calls of services, in the order in which they are written. */
export class FaultPlan {
  private readonly byService = new Map<string, Map<string, Armed[]>>();
  private count = 0;

  constructor(
    faults: readonly Fault[],
    private readonly random: Random,
    private readonly constructs: Constructs,
    private readonly clock: Clock,
  ) {
    for (const fault of faults) this.add(fault);
  }

  add(fault: Fault): void {
    const when = new FaultClock(fault, this.random.fork(`fault ${this.count}`), this.clock);
    this.count += 1;
    const target = fault.resource === undefined ? undefined : new FaultTarget(fault.resource, this.constructs);
    const ofService = this.byService.get(fault.service) ?? new Map<string, Armed[]>();
    this.byService.set(fault.service, ofService);
    const ofOperation = ofService.get(fault.operation) ?? [];
    ofService.set(fault.operation, [...ofOperation, { fault, when, target }]);
  }

  /** What strikes this call, if anything; each strike uses up one of the fault's times. */
  strike(service: string, operation: string, permissions: () => Permission[]): Strike | undefined {
    const ofService = this.byService.get(service);
    if (ofService === undefined) return undefined;
    return (
      this.first(ofService.get(operation), service, operation, permissions) ??
      this.first(ofService.get(EVERY), service, operation, permissions)
    );
  }

  private first(armed: Armed[] | undefined, service: string, operation: string, permissions: () => Permission[]): Strike | undefined {
    for (const { fault, when, target } of armed ?? []) {
      if (!when.open) continue;
      if (target !== undefined && !permissions().some(({ resource }) => target.covers(resource))) continue;
      if (when.strikes()) return new Strike(fault, service, operation, when.random, this.clock);
    }
    return undefined;
  }
}
