import path from 'node:path';
import { constructPathOf } from './construct-path';
import { readTemplate, type AssemblyStack, type Template } from './load';
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
  stacks.flatMap(({ name, template, directory }) => constructsIn(name, template, directory));

function constructsIn(stackName: string, template: Template, directory: string | undefined): TemplateConstruct[] {
  return Object.entries(template.Resources).flatMap(([logicalId, { Type: type, Metadata }]) => {
    const own = { stackName, logicalId, constructPath: constructPathOf(template, logicalId), type };
    const nested = Metadata?.['aws:asset:path'];
    if (type !== NESTED_STACK || typeof nested !== 'string' || directory === undefined) return [own];
    return [own, ...constructsIn(stackName, readTemplate(path.join(directory, nested)), directory)];
  });
}
