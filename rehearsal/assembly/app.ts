import type { Cloud, ResourceType } from '../cloud/types';
import { CustomResources } from './custom-resource';
import { Exports } from './exports';
import type { AssemblyStack } from './load';
import type { GivenParameters } from './parameters';
import { refuseUnsupported } from './refusals';
import { Stack } from './stack';
import type { DeployedResource } from './standing';

/** How the end of a stack went. */
export interface StackDeletion {
  stackName: string;
  status: 'DELETE_COMPLETE' | 'DELETE_FAILED';
  /** Why it failed. */
  reason?: string;
  /** What stays by its removal policy. */
  retained: DeployedResource[];
}

/** All stacks of an assembly, as `cdk deploy --all` and `cdk destroy --all` see them. */
export class App {
  private readonly exports = new Exports();
  private readonly given: GivenParameters;
  private readonly customResources: CustomResources;
  /** In the order in which they were first deployed. */
  private readonly stacks = new Map<string, Stack>();

  constructor(
    private readonly cloud: Cloud,
    private readonly types: readonly ResourceType[],
    options: { parameters?: GivenParameters } = {},
  ) {
    this.given = options.parameters ?? {};
    this.customResources = new CustomResources(cloud);
  }

  /** Names all that the laptop cloud lacks for these stacks, in one error. */
  refuseUnsupported(stacks: readonly AssemblyStack[]): void {
    refuseUnsupported({ cloud: this.cloud, types: this.types, given: this.given }, stacks);
  }

  /** One after the other; throws what a stack fails with, after its rollback. */
  async deploy(stacks: readonly AssemblyStack[]): Promise<void> {
    for (const assembled of stacks) await this.stackOf(assembled.name).deploy(assembled);
  }

  /** What others depend on goes last. A stack that cannot be deleted as a whole does not hold up the others. */
  async destroy(): Promise<StackDeletion[]> {
    const deletions: StackDeletion[] = [];
    for (const stack of [...this.stacks.values()].reverse()) {
      const retained = stack.resources().filter((resource) => resource.retained);
      const failures = await stack.delete();
      const reason = failures.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
      const status = failures.length === 0 ? 'DELETE_COMPLETE' : 'DELETE_FAILED';
      deletions.push({ stackName: stack.name, status, retained, ...(failures.length === 0 ? {} : { reason }) });
    }
    return deletions;
  }

  outputs(stackName: string): Record<string, string> {
    return this.stacks.get(stackName)?.outputs ?? {};
  }

  resources(): DeployedResource[] {
    return [...this.stacks.values()].flatMap((stack) => stack.resources());
  }

  private stackOf(name: string): Stack {
    const known = this.stacks.get(name);
    if (known !== undefined) return known;
    const made = new Stack(this.cloud, name, this.types, this.customResources, { exports: this.exports, given: this.given });
    this.stacks.set(name, made);
    return made;
  }
}
