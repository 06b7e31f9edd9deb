import { didYouMean } from '../../core/charter/suggest';
import { BadInputError } from '../../core/errors';
import type { Members } from '../cloud/types';
import type { Places } from './places';
import type { ApplicationScenario } from './scenario-schema';

const TYPES: Record<string, string> = { S: 'a text', N: 'a number', B: 'bytes' };

const typeOf = (value: unknown): string => (typeof value === 'number' ? 'N' : 'S');

/** What names no key of its table is never there: that it is absent would prove nothing. */
export function checkItemKeys(file: string, { expect }: ApplicationScenario, places: Places): void {
  expect.items.forEach(({ table, key }, index) => {
    const properties = places.at(table, 'table')?.properties;
    if (key === undefined || properties === undefined) return;
    const types = keyTypes(properties);
    checkWhole(`${file}: expect.items[${index}].key`, Object.keys(key), [...types.keys()]);
    for (const [name, value] of Object.entries(key)) {
      const wanted = types.get(name);
      if (wanted === typeOf(value)) continue;
      const known = [...types].map(([one, type]) => `${one} (${TYPES[type]})`).join(', ');
      const hint = wanted === undefined ? didYouMean(name, [...types.keys()]) : undefined;
      const what = wanted === undefined ? `the key of ${table} has no such attribute` : `the key of ${table} is of another type`;
      throw new BadInputError(
        [
          `${file}: expect.items[${index}].key.${name}: ${what}`,
          `  given:   ${JSON.stringify(value)}`,
          `  allowed: ${known}`,
          ...(hint === undefined ? [] : [`  ${hint}`]),
        ].join('\n'),
      );
    }
  });
}

/** A part of a key names several items. */
function checkWhole(where: string, given: readonly string[], wanted: readonly string[]): void {
  if (given.some((name) => !wanted.includes(name)) || wanted.every((name) => given.includes(name))) return;
  throw new BadInputError(
    `${where}: is a part of the table's key\n  given:   ${given.join(', ')}\n  allowed: ${wanted.join(', ')}; or no key, and item and count for several items`,
  );
}

function keyTypes({ KeySchema, AttributeDefinitions }: Members): Map<string, string> {
  const types = new Map((AttributeDefinitions as Members[]).map((one) => [String(one['AttributeName']), String(one['AttributeType'])]));
  return new Map((KeySchema as Members[]).map(({ AttributeName }) => [String(AttributeName), types.get(String(AttributeName)) ?? 'S']));
}
