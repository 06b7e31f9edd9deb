import path from 'node:path';
import { constructPathOf } from './construct-path';
import { readNestedTemplate, type AssemblyStack, type Template, type TemplateResource } from './load';
import { NESTED_STACK } from './nested-stack';

/** A resource of a template, by the construct that it is. */
export interface TemplateConstruct {
  stackName: string;
  logicalId: string;
  constructPath: string;
  type: string;
}

/** What the templates of these stacks hold, before anything is deployed; nested stacks among them. */
export const constructsOf = (stacks: readonly AssemblyStack[]): TemplateConstruct[] =>
  stacks.flatMap((stack) => constructsIn(stack, stack.template));

function constructsIn(stack: AssemblyStack, template: Template): TemplateConstruct[] {
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    const own = { stackName: stack.name, logicalId, constructPath: constructPathOf(template, logicalId), type: resource.Type };
    const nested = resource.Type === NESTED_STACK ? templateOf(stack, resource) : undefined;
    if (nested === undefined) return [own];
    return [own, ...constructsIn(stack, readNestedTemplate(nested, own.constructPath, stack.metadata))];
  });
}

/** The asset's key stands as text in the address, whatever else of it is made when the stack is deployed. */
function templateOf({ assets, directory }: AssemblyStack, { Properties, Metadata }: TemplateResource): string | undefined {
  const [key] = /[0-9a-f]{32,}\.json/.exec(JSON.stringify(Properties?.['TemplateURL'] ?? '')) ?? [];
  const file = Metadata?.['aws:asset:path'];
  if (key !== undefined) return assets.get(key);
  return typeof file === 'string' && directory !== undefined ? path.join(directory, file) : undefined;
}
