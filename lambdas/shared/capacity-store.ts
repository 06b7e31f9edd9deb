import type { CapacityMemory } from '../../core/capacity';
import { ledgerKeys } from '../../core/contracts';
import { IF_ABSENT, type Ledger } from './ledger';

export function readCapacity(ledger: Ledger): Promise<CapacityMemory | undefined> {
  return ledger.get<CapacityMemory>(ledgerKeys.capacity());
}

/** False when somebody else wrote since it was read: what was decided may no longer fit. */
export function writeCapacity(ledger: Ledger, memory: CapacityMemory): Promise<boolean> {
  const unchanged =
    memory.version === 0
      ? IF_ABSENT
      : { text: '#version = :version', names: { '#version': 'version' }, values: { ':version': memory.version } };
  return ledger.put(ledgerKeys.capacity(), { ...memory, version: memory.version + 1 }, unchanged);
}

/** Whoever looks after capacity finds it at the next look. Undefined where nobody does. */
export function noteForCapacity(
  ledger: Ledger,
  note: Pick<Partial<CapacityMemory>, 'hold' | 'wakeFor' | 'wakeBy' | 'awakeUntil'>,
  forgotten: 'wakeBy'[] = [],
): Promise<CapacityMemory | undefined> {
  const entries = Object.entries(note).filter(([, value]) => value !== undefined);
  const removed = forgotten.length === 0 ? '' : ` REMOVE ${forgotten.map((name) => `#${name}`).join(', ')}`;
  return ledger.update<CapacityMemory>(
    ledgerKeys.capacity(),
    {
      text: `SET ${entries.map(([name]) => `#${name} = :${name}`).join(', ')}${removed} ADD #version :one`,
      names: {
        '#version': 'version',
        ...Object.fromEntries([...entries.map(([name]) => name), ...forgotten].map((name) => [`#${name}`, name])),
      },
      values: { ':one': 1, ...Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])) },
    },
    { text: 'attribute_exists(pk)' },
  );
}
