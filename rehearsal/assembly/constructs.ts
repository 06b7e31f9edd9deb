import type { AssemblyStack } from './load';
import { constructPathOf } from './stack';

/** A resource of a template, by the construct that it is. */
export interface TemplateConstruct {
  stackName: string;
  logicalId: string;
  constructPath: string;
  type: string;
}

/** What the templates of these stacks hold, before anything is deployed. */
export const constructsOf = (stacks: readonly AssemblyStack[]): TemplateConstruct[] =>
  stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources).map(([logicalId, { Type }]) => ({
      stackName: name,
      logicalId,
      constructPath: constructPathOf(template, logicalId),
      type: Type,
    })),
  );
