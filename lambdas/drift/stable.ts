import type { ControlRecord } from '../../core/contracts';
import { hourOfMillis } from '../../core/drift/places';
import { byHour, folderOfHour, type HourCaptures } from '../../core/drift/look/objects';
import { CAPTURE_FOLDER } from '../../core/release/endpoint-config';
import { readControl } from '../shared/control-store';
import { readRelease, type StoredRelease } from '../shared/releases';
import type { DriftParts } from './parts';

/** The release that answers, and where what it answers is captured. */
export interface Stable {
  releaseId: string;
  endpointName: string;
  variantName: string;
  /** What is captured of its variant before it became stable is a candidate's, or another release's. */
  sinceMillis: number;
  /** Share of requests that are captured; 0: none. */
  samplingShare: number;
  modelPackageArn?: string;
}

/** Undefined with the reason: nobody but the baseline answers. */
export async function readStable({ ledger }: DriftParts): Promise<{ stable: Stable } | { stable?: undefined; reason: string }> {
  const control = await readControl(ledger);
  const { stable } = control ?? {};
  if (control === undefined || stable === undefined) return { reason: 'no release is stable yet' };
  if (control.mode !== 'live') return { reason: MODES[control.mode] };
  const endpointName = stable.endpointName ?? control.endpointName;
  if (endpointName === undefined) return { reason: `release ${stable.releaseId} has no endpoint` };
  const record = await readRelease(ledger, stable.releaseId);
  const { modelPackageArn } = record?.spec.model ?? {};
  return {
    stable: {
      releaseId: stable.releaseId,
      endpointName,
      variantName: stable.variantName,
      sinceMillis: Date.parse(sinceOf(control, record)),
      samplingShare: record === undefined ? 1 : (record.spec.serving.capture?.samplingShare ?? 0),
      ...(modelPackageArn === undefined ? {} : { modelPackageArn }),
    },
  };
}

const MODES: Record<Exclude<ControlRecord['mode'], 'live'>, string> = {
  baseline: 'the baseline answers until a release is promoted',
  killed: 'the kill switch is on: the baseline answers',
  parked: 'the endpoint is switched off: the baseline answers',
};

/** A release that was found, not made, has no record. */
const sinceOf = ({ armsSince, changedAt }: ControlRecord, record: StoredRelease | undefined): string =>
  record?.liveSince ?? record?.endedAt ?? armsSince ?? changedAt;

/** Files of the variant by hour, both ends included. */
export async function listHours(
  { captures }: DriftParts,
  stable: Stable,
  fromHour: number,
  toHour: number,
): Promise<Map<number, HourCaptures>> {
  const root = `${CAPTURE_FOLDER}/${stable.endpointName}/${stable.variantName}/`;
  const found = await captures.list(root, `${root}${folderOfHour(fromHour)}`, `${root}${folderOfHour(toHour + 1)}`);
  return byHour(found, fromHour, toHour);
}

export const sinceHourOf = ({ sinceMillis }: Stable): number => hourOfMillis(sinceMillis);
