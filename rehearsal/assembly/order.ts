import { UnsupportedError } from '../cloud/types';
import { referencesOf } from './intrinsics';
import type { Template } from './load';

/** What the resource refers to or waits for. */
export const dependenciesOf = (template: Template, logicalId: string): string[] => {
  const resource = template.Resources[logicalId];
  const explicit = resource?.DependsOn ?? [];
  const implicit = [...referencesOf(resource?.Properties ?? {})];
  return [...(Array.isArray(explicit) ? explicit : [explicit]), ...implicit].filter((id) => id in template.Resources && id !== logicalId);
};

/** Everything after what it depends on, and else as it comes. */
export function inOrder(ids: readonly string[], dependencies: (id: string) => readonly string[]): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string, trail: string[]): void => {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'open') throw new UnsupportedError(`circular dependency: ${[...trail, id].join(' → ')}`);
    state.set(id, 'open');
    for (const dependency of dependencies(id)) visit(dependency, [...trail, id]);
    state.set(id, 'done');
    order.push(id);
  };
  ids.forEach((id) => visit(id, []));
  return order;
}

/** Resources in the order in which CloudFormation may create them: what is referred to comes first. */
export const creationOrder = (template: Template): string[] =>
  inOrder(Object.keys(template.Resources), (logicalId) => dependenciesOf(template, logicalId));
