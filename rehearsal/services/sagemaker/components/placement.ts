import { instanceFacts } from '../../../../core/instances';
import { UnsupportedError } from '../../../cloud/types';
import type { ComponentRecord, ComponentSpec, Copy, CopyNeeds, Host, HostPool } from './types';

const MEBIBYTES_PER_GIBIBYTE = 1024;

function roomOf(instanceType: string): CopyNeeds {
  const facts = instanceFacts(instanceType);
  if (facts === undefined)
    throw new UnsupportedError(
      `The laptop cloud does not know what an ${instanceType} has, so it cannot place inference components on it. Use a type of core/instances.`,
    );
  return { cpus: facts.vcpus, memoryMebibytes: facts.memoryGib * MEBIBYTES_PER_GIBIBYTE, accelerators: facts.accelerators };
}

const fits = (room: CopyNeeds, needs: CopyNeeds): boolean =>
  room.cpus >= needs.cpus && room.memoryMebibytes >= needs.memoryMebibytes && room.accelerators >= needs.accelerators;

/** What the copies that are on an instance leave of it. */
function roomLeft(host: Host, copies: Copy[]): CopyNeeds {
  const room = roomOf(host.instanceType);
  for (const copy of copies) if (copy.host === host) take(room, copy.spec.needs);
  return room;
}

/** The specification for instances of a type. */
export const specFor = ({ specs }: ComponentRecord, instanceType: string): ComponentSpec | undefined =>
  specs.find((spec) => spec.instanceType === instanceType) ?? specs.find((spec) => spec.instanceType === undefined);

/** Whether a copy fits an instance that runs nothing else. */
export function fitsEmpty(component: ComponentRecord, instanceType: string): boolean {
  const spec = specFor(component, instanceType);
  return spec !== undefined && fits(roomOf(instanceType), spec.needs);
}

/** Where a further copy goes: SPREAD to the instance with the fewest copies of the component, BINPACK to the one with the most copies at all. */
export function hostFor(component: ComponentRecord, pool: HostPool, copies: Copy[]): { host: Host; spec: ComponentSpec } | undefined {
  let best: { host: Host; spec: ComponentSpec; rank: number } | undefined;
  for (const host of pool.running) {
    const spec = specFor(component, host.instanceType);
    if (spec === undefined || !fits(roomLeft(host, copies), spec.needs)) continue;
    const onHost = copies.filter((copy) => copy.host === host);
    const rank = component.placement === 'BINPACK' ? -onHost.length : onHost.filter((copy) => component.copies.includes(copy)).length;
    if (best === undefined || rank < best.rank) best = { host, spec, rank };
  }
  return best;
}

function take(room: CopyNeeds, needs: CopyNeeds): void {
  room.cpus -= needs.cpus;
  room.memoryMebibytes -= needs.memoryMebibytes;
  room.accelerators -= needs.accelerators;
}

/** How many empty instances of a type it takes for the copies that found no room; those that fit none are not counted. */
export function hostsNeeded(unplaced: Map<ComponentRecord, number>, instanceType: string): number {
  const rooms: CopyNeeds[] = [];
  for (const [component, copyCount] of unplaced) {
    if (copyCount === 0 || !fitsEmpty(component, instanceType)) continue;
    const { needs } = specFor(component, instanceType)!;
    for (let copy = 0; copy < copyCount; copy += 1) {
      let room = rooms.find((one) => fits(one, needs));
      if (room === undefined) rooms.push((room = roomOf(instanceType)));
      take(room, needs);
    }
  }
  return rooms.length;
}
