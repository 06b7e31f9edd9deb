import type { Json } from './definition';

/** What a distributed Map goes over. */
export interface Dataset {
  items: readonly Json[];
  /** The items are the members of an object: each is `{Key, Value}`. */
  keyed: boolean;
}

/** An array's elements or, where `objects` may be gone over, their members as pairs in order; undefined: nothing to go over. */
export function datasetOf(value: Json | undefined, objects: boolean): Dataset | undefined {
  if (Array.isArray(value)) return { items: value, keyed: false };
  if (!objects || typeof value !== 'object' || value === null) return undefined;
  return { items: Object.entries(value).map(([Key, Value]) => ({ Key, Value })), keyed: true };
}

/** `Map.Item` of the context object, while ItemSelector is evaluated. */
export function itemContext({ keyed }: Dataset, item: Json, index: number): Record<string, Json> {
  return keyed ? { Index: index, ...(item as { Key: string; Value: Json }) } : { Index: index, Value: item };
}
