import type { FaultWindow } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { endsWithPath } from '../../kernel/constructs';
import { FaultClock } from '../../kernel/faults';
import type { LambdaFunction } from './function';

export interface FunctionFault extends FaultWindow {
  /** End of the construct path of the functions that it strikes. */
  constructPath: string;
  /**
   * `crash`: the process ends, at once or after so many answered calls. `timeout`: nothing happens until the function's time is over.
   * `cold-start`: no environment that ran before is used.
   */
  error: 'crash' | 'timeout' | 'cold-start';
  /** Crash: requests of the handler that are answered before the process ends. */
  afterCalls?: number;
  /** Cold start: how long it takes. */
  slowMillis?: number;
}

/** Faults of the scenario on whole invocations. */
export class FunctionFaults {
  private readonly armed: { fault: FunctionFault; when: FaultClock }[] = [];

  constructor(private readonly cloud: LaptopCloud) {}

  add(fault: FunctionFault): void {
    const random = this.cloud.random.fork(`function fault ${this.armed.length}`);
    this.armed.push({ fault, when: new FaultClock(fault, random, this.cloud.clock) });
  }

  strike(owner: LambdaFunction): FunctionFault | undefined {
    if (this.armed.length === 0) return undefined;
    return this.armed.find(({ fault, when }) => when.open && endsWithPath(owner.constructPath, fault.constructPath) && when.strikes())
      ?.fault;
  }
}
