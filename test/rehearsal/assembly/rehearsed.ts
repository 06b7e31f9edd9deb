import { App } from '../../../rehearsal/assembly/app';
import { environmentOf } from '../../../rehearsal/assembly/environment';
import { loadAssembly, type AssemblyStack } from '../../../rehearsal/assembly/load';
import type { Caller, Members } from '../../../rehearsal/cloud/types';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { createCloud, type LaptopCloud } from '../../../rehearsal/kernel/cloud';
import { createRandom } from '../../../rehearsal/kernel/random';
import { createDoubles, resourceTypes } from '../../../rehearsal/services';

export const world: Caller = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/ann' };

export interface Rehearsed {
  app: App;
  cloud: LaptopCloud;
  clock: VirtualClock;
  stacks: AssemblyStack[];
  run<T>(work: () => Promise<T>): Promise<T>;
  deploy(): Promise<void>;
  call(service: string, operation: string, input: Members): Promise<Members>;
  /** Calls a function by the end of its construct path. */
  invoke(path: string, event?: unknown): Promise<{ result: unknown; error: string | undefined }>;
  /** Physical id of the resource whose construct path ends so. */
  ref(path: string): string;
  attribute(path: string, name: string): string;
  statuses(): string[];
}

/** The assembly in a laptop cloud with all services. */
export function rehearse(directory: string, options: { parameters?: Record<string, unknown>; seed?: number } = {}): Rehearsed {
  const stacks = loadAssembly(directory);
  const clock = new VirtualClock({ startMillis: Date.parse('2026-03-02T09:00:00Z') });
  const cloud = createCloud({ clock, random: createRandom(options.seed ?? 1), doubles: createDoubles, ...environmentOf(stacks) });
  const app = new App(cloud, resourceTypes, { parameters: options.parameters ?? {} });
  const run = <T>(work: () => Promise<T>): Promise<T> => clock.complete(work());
  const at = (end: string) => {
    const found = app.resources().filter(({ constructPath }) => `/${constructPath}`.endsWith(`/${end}`));
    if (found.length !== 1)
      throw new Error(
        `${found.length} resources at ${end}: ${app
          .resources()
          .map((one) => one.constructPath)
          .join(', ')}`,
      );
    return found[0]!;
  };
  return {
    app,
    cloud,
    clock,
    stacks,
    run,
    deploy: async () => {
      app.refuseUnsupported(stacks);
      await run(() => app.deploy(stacks));
    },
    call: (service, operation, input) => run(() => cloud.call(service, operation, input, world)),
    invoke: async (path, event = {}) => {
      const input = { FunctionName: at(path).ref, Payload: new TextEncoder().encode(JSON.stringify(event)) };
      const answer = await run(() => cloud.call('lambda', 'Invoke', input, world));
      const text = new TextDecoder().decode(answer['Payload'] as Uint8Array);
      return { result: JSON.parse(text) as unknown, error: answer['FunctionError'] as string | undefined };
    },
    ref: (path) => at(path).ref,
    attribute: (path, name) => String(at(path).attributes[name]),
    statuses: () =>
      cloud.log.filter(({ source }) => source === 'cloudformation').map(({ event, detail }) => `${String(detail['stack'])} ${event}`),
  };
}
