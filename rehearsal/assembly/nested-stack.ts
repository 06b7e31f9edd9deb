import { UnsupportedError } from '../cloud/types';
import type { CreatedResource, Members, ResourceContext, ResourceType } from '../cloud/types';
import { readNestedTemplate, type AssemblyStack, type ConstructMetadata } from './load';
import type { GivenParameters } from './parameters';
import type { Stack } from './stack';

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

type Assets = Pick<ResourceContext, 'assetPath' | 'constructPath' | 'logicalId'>;

/** Where the nested stack's template lies: the last part of its address is its key among the assets. */
export function nestedTemplatePath(templateUrl: unknown, { assetPath, constructPath, logicalId }: Assets): string {
  const key = String(templateUrl).split('/').pop() ?? '';
  const found = assetPath('', key);
  if (found === undefined)
    throw new UnsupportedError(`${constructPath || logicalId}: the template ${String(templateUrl)} of the nested stack is no asset of it`);
  return found;
}

/** The nested stacks of one stack, as a resource type of that stack alone. */
export class NestedStacks {
  readonly type: ResourceType;
  private readonly children = new Map<string, Stack>();

  constructor(
    private readonly makeStack: (name: string, given: GivenParameters) => Stack,
    private readonly metadata: () => ConstructMetadata | undefined,
  ) {
    this.type = {
      type: NESTED_STACK,
      create: (properties, context) => this.create(properties, context),
      update: (properties, _previous, created, context) => this.update(properties, created, context),
      remove: (created) => this.remove(created),
    };
  }

  stacks(): Stack[] {
    return [...this.children.values()];
  }

  private async create(properties: Members, context: ResourceContext): Promise<CreatedResource> {
    const child = this.makeStack(context.physicalName(128), given(properties));
    await child.deploy(assembledOf(child.name, properties, context, this.metadata()));
    this.children.set(child.stackId, child);
    return answer(child);
  }

  private async update(properties: Members, created: CreatedResource, context: ResourceContext): Promise<CreatedResource> {
    const child = this.children.get(created.ref);
    if (child === undefined) return this.create(properties, context);
    child.give(given(properties));
    await child.deploy(assembledOf(child.name, properties, context, this.metadata()));
    return answer(child);
  }

  private async remove({ ref }: CreatedResource): Promise<void> {
    await this.children.get(ref)?.destroy();
    this.children.delete(ref);
  }
}

const given = (properties: Members): GivenParameters => (properties['Parameters'] ?? {}) as GivenParameters;

const answer = ({ stackId, outputs }: Stack): CreatedResource => ({
  ref: stackId,
  attributes: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [`Outputs.${name}`, value])),
});

function assembledOf(name: string, properties: Members, context: ResourceContext, metadata: ConstructMetadata = {}): AssemblyStack {
  const template = readNestedTemplate(nestedTemplatePath(properties['TemplateURL'], context), context.constructPath, metadata);
  return {
    name,
    template,
    assets: { get: (key) => context.assetPath('', key) },
    files: [],
    metadata,
    ...(context.assemblyDirectory === undefined ? {} : { directory: context.assemblyDirectory }),
  };
}
