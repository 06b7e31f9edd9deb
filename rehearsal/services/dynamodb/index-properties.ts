import type { Members } from '../../cloud/types';
import type { KeyAttribute, KeyType } from './keys';
import type { IndexDescription } from './secondary-index';

const understood = ['IndexName', 'KeySchema', 'Projection'];

export function keyAttribute(
  properties: Members,
  keyType: 'HASH' | 'RANGE',
  keySchema = properties['KeySchema'] as Members[],
): KeyAttribute | undefined {
  const key = keySchema.find((entry) => entry['KeyType'] === keyType);
  if (key === undefined) return undefined;
  const definition = ((properties['AttributeDefinitions'] ?? []) as Members[]).find(
    (entry) => entry['AttributeName'] === key['AttributeName'],
  );
  return { name: key['AttributeName'] as string, type: (definition?.['AttributeType'] ?? 'S') as KeyType };
}

function given(properties: Members): { index: Members; isLocal: boolean }[] {
  const of = (list: string, isLocal: boolean): { index: Members; isLocal: boolean }[] =>
    ((properties[list] ?? []) as Members[]).map((index) => ({ index, isLocal }));
  return [...of('GlobalSecondaryIndexes', false), ...of('LocalSecondaryIndexes', true)];
}

/** What of a table's secondary indexes is not supported. */
export function refuseIndexes(properties: Members, withoutEffect: readonly string[]): string[] {
  return given(properties).flatMap(({ index }) => {
    const name = `index ${String(index['IndexName'])}`;
    const keys = (index['KeySchema'] ?? []) as Members[];
    const hashes = keys.filter((key) => key['KeyType'] === 'HASH').length;
    return [
      ...Object.keys(index)
        .filter((property) => !understood.includes(property) && !withoutEffect.includes(property))
        .map((property) => `the property ${property} of ${name}`),
      ...(hashes === 1 && keys.length <= 2 ? [] : [`a KeySchema of several attributes per key (${name})`]),
    ];
  });
}

/** The table's global and local indexes. */
export function indexes(properties: Members): IndexDescription[] {
  return given(properties).map(({ index, isLocal }) => {
    const keys = index['KeySchema'] as Members[];
    const partition = keyAttribute(properties, 'HASH', keys) as KeyAttribute;
    const sort = keyAttribute(properties, 'RANGE', keys);
    const { ProjectionType: projection = 'KEYS_ONLY', NonKeyAttributes: attributes = [] } = (index['Projection'] ?? {}) as {
      ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
      NonKeyAttributes?: string[];
    };
    return {
      name: index['IndexName'] as string,
      schema: sort === undefined ? { partition } : { partition, sort },
      projected: projection === 'INCLUDE' ? attributes : projection,
      ...(isLocal ? { isLocal } : {}),
    };
  });
}
