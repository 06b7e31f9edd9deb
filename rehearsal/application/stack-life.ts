import type { App } from '../assembly/app';
import type { AssemblyStack } from '../assembly/load';
import { UnsupportedError } from '../cloud/types';
import type { Laptop } from '../world/laptop';
import { messageOf } from '../world/user-modules';
import type { RetainedResource, StackResult } from './result';

const NOT_DEPLOYED = 'NOT_DEPLOYED';

/** How the stacks came, and how they went. */
export class StackLife {
  private failure: string | undefined;
  private readonly statuses = new Map<string, { status: string; reason?: string }>();
  private readonly deletions = new Map<string, { status: string; reason?: string; retained: RetainedResource[] }>();
  private readonly outputs = new Map<string, Record<string, string>>();

  constructor(
    private readonly laptop: Laptop,
    private readonly stacks: readonly AssemblyStack[],
    private readonly app: App,
  ) {}

  get deployed(): boolean {
    return this.failure === undefined;
  }

  /** A stack that fails is rolled back, and those after it are not deployed; why is told in the result. */
  async deploy(): Promise<void> {
    try {
      await this.app.deploy(this.stacks);
    } catch (error) {
      if (error instanceof UnsupportedError) throw error;
      this.failure = messageOf(error);
    }
    for (const { name } of this.stacks) {
      this.statuses.set(name, this.lastStatus(name));
      this.outputs.set(name, this.app.outputs(name));
    }
  }

  async destroy(): Promise<void> {
    for (const { stackName, status, reason, retained } of await this.app.destroy())
      this.deletions.set(stackName, {
        status,
        ...(reason === undefined ? {} : { reason }),
        retained: retained.map(({ constructPath, type }) => ({ constructPath, type })),
      });
  }

  results(): StackResult[] {
    return this.stacks.map(({ name, template }) => {
      const { status, reason } = this.statuses.get(name) ?? { status: NOT_DEPLOYED };
      const deletion = this.deletions.get(name);
      return {
        name,
        status,
        ...(reason === undefined ? {} : { reason }),
        resources: Object.keys(template.Resources).length,
        outputs: this.outputs.get(name) ?? {},
        deletion: deletion?.status ?? NOT_DEPLOYED,
        ...(deletion?.reason === undefined ? {} : { deletionReason: deletion.reason }),
        retained: deletion?.retained ?? [],
      };
    });
  }

  /** The stack whose deployment failed is the last one that said anything. */
  private lastStatus(name: string): { status: string; reason?: string } {
    const told = this.laptop.cloud.log.filter(({ source, detail }) => source === 'cloudformation' && detail['stack'] === name);
    const last = told.at(-1);
    if (last === undefined) return { status: NOT_DEPLOYED };
    const reason = told.findLast(({ detail }) => detail['reason'] !== undefined)?.detail['reason'];
    return { status: last.event, ...(reason === undefined ? {} : { reason: String(reason) }) };
  }
}
