import { instanceFacts } from '../instances';
import { BUILT_IN_PRICES, offeredIn, type PriceBook, regionsWith } from '../prices';
import type { InstanceKnowledge } from './plan';

const MIB_PER_GIB = 1024;

/** What the catalogue of instance types and a price book know. */
export const catalogueKnowledge = (book: PriceBook = BUILT_IN_PRICES): InstanceKnowledge => ({
  hasLocalDisk: (type) => instanceFacts(type)?.localDisk,
  accelerators: (type) => instanceFacts(type)?.accelerators,
  memoryMib: (type) => {
    const gib = instanceFacts(type)?.memoryGib;
    return gib === undefined ? undefined : gib * MIB_PER_GIB;
  },
  vcpus: (type) => instanceFacts(type)?.vcpus,
  isOffered: (type, region) => offeredIn(book, region, type),
  regionsOf: (type) => regionsWith(book, type),
});
