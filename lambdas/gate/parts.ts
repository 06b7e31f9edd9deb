import type { DeployedRelease, GatePolicy } from '../../core/contracts';
import { ledgerKeys } from '../../core/contracts';
import type { Fleet } from '../../core/gates/decide-load';
import type { LevelPlan } from '../../core/gates/load-plan';
import type { Ledger } from '../shared/ledger';
import { existingRelease, type StoredRelease } from '../shared/releases';
import type { DataSets } from './data-set';
import type { About } from './event';
import type { Models } from './models';
import type { RemoteScorers } from './remote-scorers';

export interface GateParts {
  useCase: string;
  ledger: Ledger;
  data: DataSets;
  models: Models;
  scorers: RemoteScorers;
  /** Instances of each variant that stand on an endpoint. */
  instances(endpointName: string): Promise<Record<string, number>>;
  now(): number;
  /** Milliseconds until this invocation is ended. */
  remaining(): number;
}

/** Where a release answers. */
export type Place = Required<Pick<DeployedRelease, 'endpointName'>> & Pick<DeployedRelease, 'variantName' | 'componentName' | 'mode'>;

/** What was found when the gate was opened; every later part goes by it. */
export interface Opening {
  startedAt: string;
  /** Why nothing is measured. */
  problem?: string;
  data?: { uri: string; sha256: string; lines: number; etag: string };
  candidate?: Place;
  stable?: Place;
  fleet?: Fleet;
  levels?: LevelPlan[];
}

const KEPT_DAYS = 7;
const DAY_SECONDS = 86_400;

/** Parts hold sums and counts as JSON: labels of slices are no names of attributes. */
export async function keepPart(parts: GateParts, about: About, gate: string, part: string, value: object): Promise<void> {
  const expiresAt = Math.floor(parts.now() / 1000) + KEPT_DAYS * DAY_SECONDS;
  const key = ledgerKeys.gatePart(about.releaseId, gate, about.execution, part);
  await parts.ledger.put(key, { value: JSON.stringify(value), expiresAt });
}

/** Parts whose name begins with the prefix, by name. */
export async function readParts<T>(parts: GateParts, about: About, gate: string, prefix: string): Promise<Map<string, T>> {
  const { pk } = ledgerKeys.gatePart(about.releaseId, gate, about.execution, '');
  const items = await parts.ledger.query<{ value: string }>(pk, prefix);
  return new Map(items.map(({ sk, value }) => [sk, JSON.parse(value) as T]));
}

export const OPENING = 'opening';

export async function readOpening(parts: GateParts, about: About, gate: string): Promise<Opening | undefined> {
  return (await readParts<Opening>(parts, about, gate, OPENING)).get(OPENING);
}

export async function mustReadOpening(parts: GateParts, about: About, gate: string): Promise<Opening> {
  const opening = await readOpening(parts, about, gate);
  if (opening === undefined)
    throw new Error(`Gate ${gate} of ${about.releaseId} was not opened in ${about.execution}: the workflow opens it first`);
  return opening;
}

/** The gate as it was pinned when the release was registered. */
export async function gateOf(parts: GateParts, { releaseId, index }: About): Promise<{ release: StoredRelease; gate: GatePolicy }> {
  const release = await existingRelease(parts.ledger, releaseId);
  const gate = release.spec.gates?.[index];
  if (gate === undefined) {
    throw new Error(`Release ${releaseId} has ${release.spec.gates?.length ?? 0} gates: there is no gate ${index}`);
  }
  return { release, gate };
}
