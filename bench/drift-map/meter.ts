import type { Call, Members } from '../../rehearsal/cloud/types';
import type { Lambda } from '../../rehearsal/services/lambda';
import { executionTold } from '../../rehearsal/world/executions';
import type { Spent } from './prices';
import type { Stage } from './stage';

const S3_WRITES_AND_LISTS = ['PutObject', 'ListObjectsV2', 'CopyObject'];
/** Of the handler and of its machine, by the names of their roles. */
const OF_DRIFT = /Drift/;

/** Counts what drift asks of AWS, and what this process works, from now on. */
export class Meter {
  readonly spent: Omit<Spent, 'cpuSeconds' | 'transitions' | 'memoryMiB'> = { invocations: 0, gets: 0, putsAndLists: 0, bytesRead: 0 };
  peakHeapBytes = 0;
  private readonly cpu = process.cpuUsage();
  private readonly startedAt = performance.now();

  constructor(private readonly stage: Stage) {
    const { s3, handler, laptop } = stage;
    const { spent } = this;
    this.on(s3.operations, 'GetObject', ({ ContentLength }) => {
      spent.gets += 1;
      spent.bytesRead += Number(ContentLength);
      this.peakHeapBytes = Math.max(this.peakHeapBytes, process.memoryUsage().heapUsed);
    });
    for (const name of S3_WRITES_AND_LISTS) this.on(s3.operations, name, () => (spent.putsAndLists += 1));
    const { operations } = laptop.cloud.double<Lambda>('lambda');
    const invoke = operations.Invoke!;
    const { run } = invoke;
    invoke.run = (input, call) => {
      if (String(input.FunctionName).endsWith(handler.name)) spent.invocations += 1;
      return run(input, call);
    };
  }

  seconds(): { wall: number; cpu: number } {
    const { user, system } = process.cpuUsage(this.cpu);
    return { wall: (performance.now() - this.startedAt) / 1000, cpu: (user + system) / 1e6 };
  }

  /** Of the job machine and its children. */
  transitions(): number {
    return this.stage.laptop
      .executions()
      .filter(({ machine }) => isJob(machine.name))
      .reduce((sum, execution) => sum + executionTold(execution).transitions, 0);
  }

  private on(operations: Stage['s3']['operations'], name: string, count: (answer: Members) => void): void {
    const operation = operations[name]!;
    const { run } = operation;
    operation.run = async (input: Members, call: Call) => {
      const answer = await run(input, call);
      if (call.caller.kind === 'role' && OF_DRIFT.test(call.caller.roleArn)) count(answer);
      return answer;
    };
  }
}

export const isJob = (machine: string): boolean => /-drift(\/|$)/.test(machine);
