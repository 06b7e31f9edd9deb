import type { CustomResources } from '../assembly/custom-resource';
import { loadAssembly, type AssemblyStack } from '../assembly/load';
import { refuseUnsupported } from '../assembly/refusals';
import { constructPathOf, Stack } from '../assembly/stack';
import type { Cloud, ResourceType } from '../cloud/types';
import type { FaultPath } from './arm-faults';
import { checkPath } from './construct-path';
import { messageOf } from './user-modules';

/** The use case's stack, deployed from synthesized assemblies as the scenario asks. */
export class Deployments {
  private stack: Stack | undefined;
  private pending: Promise<void> = Promise.resolve();

  constructor(
    private readonly cloud: Cloud,
    private readonly types: ResourceType[],
    private readonly customResources: CustomResources,
    /** Directory of the cloud assembly for each deployment of the scenario. */
    private readonly assemblies: Record<string, string>,
  ) {}

  get outputs(): Record<string, string> {
    return this.stack?.outputs ?? {};
  }

  /** Kept when the stack goes: the evidence is. */
  evidenceBucket: string | undefined;

  /** Fails at once, before virtual time begins, on resource types that this cloud does not have, and on faults that would never strike. */
  checkAll(faultPaths: FaultPath[]): void {
    const stacks = Object.values(this.assemblies).flatMap((directory) => loadAssembly(directory));
    refuseUnsupported({ cloud: this.cloud, types: this.types }, stacks);
    for (const { where, path, type } of faultPaths)
      checkPath(where, path, type, [...new Set(stacks.flatMap((stack) => pathsOf(stack, type)))]);
  }

  /** CloudFormation takes one operation on a stack at a time; the next one waits. */
  deploy(label: string): Promise<void> {
    const directory = this.assemblies[label];
    if (directory === undefined) throw new Error(`no assembly was synthesized for ${label}`);
    return this.oneAtATime(async () => {
      for (const assembled of loadAssembly(directory)) {
        this.stack ??= new Stack(this.cloud, assembled.name, this.types, this.customResources);
        await this.stack.deploy(assembled);
        this.evidenceBucket = this.stack.outputs.EvidenceBucketName ?? this.evidenceBucket;
      }
    });
  }

  destroy(): Promise<void> {
    return this.oneAtATime(async () => this.stack?.destroy());
  }

  private oneAtATime(operation: () => Promise<void>): Promise<void> {
    const done = this.cloud.begin('stack operation');
    this.pending = this.pending
      .then(operation)
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'UnsupportedError') throw error;
        this.cloud.record('cloudformation', 'FAILED', { reason: messageOf(error) });
      })
      .finally(done);
    return this.pending;
  }
}

const pathsOf = ({ template }: AssemblyStack, type?: string): string[] =>
  Object.keys(template.Resources)
    .filter((logicalId) => type === undefined || template.Resources[logicalId]?.Type === type)
    .map((logicalId) => constructPathOf(template, logicalId).replace(/\/Resource$/, ''))
    .filter((path) => path !== '');
