import type { CustomResources } from '../assembly/custom-resource';
import { BadInputError } from '../../core/errors';
import { loadAssembly, type AssemblyStack } from '../assembly/load';
import { constructPathOf, Stack } from '../assembly/stack';
import type { Cloud, ResourceType } from '../cloud/types';
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
  checkAll(functionPaths: string[]): void {
    const stacks = Object.values(this.assemblies).flatMap((directory) => loadAssembly(directory));
    stacks.forEach((stack) => Stack.refuseUnsupported(stack, this.types));
    const functions = [...new Set(stacks.flatMap(functionsOf))];
    for (const wanted of functionPaths) {
      if (functions.some((known) => known.endsWith(wanted))) continue;
      throw new BadInputError(
        `faults: no function has the construct path ${wanted}\n  allowed: ${functions.join(', ')}, or the end of one`,
      );
    }
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

const functionsOf = ({ template }: AssemblyStack): string[] =>
  Object.keys(template.Resources)
    .filter((logicalId) => template.Resources[logicalId]?.Type === 'AWS::Lambda::Function')
    .map((logicalId) => constructPathOf(template, logicalId));
