import type { CreatedResource, Members, ResourceContext, ResourceType } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import type { ApiGateway } from './apigateway';

export const gateway = ({ cloud }: ResourceContext): ApiGateway => cloud.double<ApiGateway>('apigateway');

/** A resource that is put in place by its properties, and put anew when they change. */
export interface Part {
  type: string;
  /** Properties that are understood, or have no effect on a rehearsal. */
  properties: readonly string[];
  /** What else of the properties is not supported. */
  refuse?(properties: Members): readonly string[];
  put(properties: Members, context: ResourceContext, created: CreatedResource | undefined): CreatedResource;
  remove(created: CreatedResource, properties: Members, context: ResourceContext): void;
  /** Properties whose change makes another resource of it. */
  replacing?: readonly string[];
}

export function partType({ type, properties: known, refuse, put, remove, replacing = [] }: Part): ResourceType {
  return {
    type,
    refuse: (properties) => [
      ...Object.keys(properties)
        .filter((name) => properties[name] !== undefined && !known.includes(name))
        .map((name) => `the property ${name} of ${type}`),
      ...(refuse?.(properties) ?? []),
    ],
    create: (properties, context) => put(properties, context, undefined),
    update: (properties, _previous, created, context) => put(properties, context, created),
    remove,
    ...(replacing.length === 0
      ? {}
      : {
          replacedOnChange: (properties, previous) =>
            replacing.some((name) => JSON.stringify(properties[name]) !== JSON.stringify(previous[name])),
        }),
  };
}

/** Faults and scenarios name the API by its construct path. */
export function noteApi(apiId: string, { cloud, constructPath }: ResourceContext): void {
  (cloud as LaptopCloud).constructs.note(constructPath.replace(/\/Resource$/, ''), cloud.arn('execute-api', apiId));
}

export const isTrue = (value: unknown): boolean => String(value ?? false) === 'true';
