import { UnsupportedError } from '../cloud/types';
import { referencesOf } from './intrinsics';
import type { Template } from './load';

const dependenciesOf = (template: Template, logicalId: string): string[] => {
  const resource = template.Resources[logicalId];
  const explicit = resource?.DependsOn ?? [];
  const implicit = [...referencesOf(resource?.Properties ?? {})];
  return [...(Array.isArray(explicit) ? explicit : [explicit]), ...implicit].filter((id) => id in template.Resources && id !== logicalId);
};

/** Resources in the order in which CloudFormation may create them: what is referred to comes first. */
export function creationOrder(template: Template): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (logicalId: string, trail: string[]): void => {
    if (state.get(logicalId) === 'done') return;
    if (state.get(logicalId) === 'open') throw new UnsupportedError(`circular dependency: ${[...trail, logicalId].join(' → ')}`);
    state.set(logicalId, 'open');
    for (const dependency of dependenciesOf(template, logicalId)) visit(dependency, [...trail, logicalId]);
    state.set(logicalId, 'done');
    order.push(logicalId);
  };
  Object.keys(template.Resources).forEach((logicalId) => visit(logicalId, []));
  return order;
}
