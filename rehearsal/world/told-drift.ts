import type { DriftLook, DriftState, RetrainingRecord, RetrainingStatus } from '../../core/contracts';

type Item = Record<string, unknown>;

/** The look that a ledger item `drift` holds. */
export function driftLookOf(item: Item | undefined): DriftLook | undefined {
  const look = item?.['look'] ?? item;
  return (typeof look === 'string' ? JSON.parse(look) : look) as DriftLook | undefined;
}

/** Features with a finding, the strongest first. */
export const driftingFeatures = ({ windows }: Pick<DriftLook, 'windows'>): string[] => [
  ...new Set(windows.flatMap(({ findings }) => findings.map(({ feature }) => feature))),
];

const TROUBLE: Partial<Record<DriftState, string>> = { drifting: 'detected', 'broken-input': 'broken-input', 'no-data': 'no-data' };

/** Where nobody asks, there is nothing to be missed. */
const troubleOf = ({ state, requests = 0 }: DriftLook): string | undefined =>
  state === 'no-data' && requests === 0 ? undefined : TROUBLE[state];

/** What looks say, one after the other, that those before them did not. */
export class DriftWitness {
  private before: DriftLook | undefined;
  private troubled = false;

  /** The event that the timeline tells; undefined: nothing new. */
  saw(look: DriftLook): string | undefined {
    const { before } = this;
    this.before = look;
    const trouble = troubleOf(look);
    if (trouble !== undefined) {
      this.troubled = true;
      return look.state !== before?.state || hasNew(look, before) ? trouble : undefined;
    }
    // Too little data is no end of what was seen before.
    if (look.state !== 'ok' || !this.troubled) return undefined;
    this.troubled = false;
    return 'ended';
  }
}

function hasNew(look: DriftLook, before: DriftLook): boolean {
  const known = new Set(driftingFeatures(before));
  return driftingFeatures(look).some((feature) => !known.has(feature));
}

export const driftDetail = (look: DriftLook): Item => ({
  state: look.state,
  hour: look.hour,
  ...(look.releaseId === undefined ? {} : { release: look.releaseId }),
  features: driftingFeatures(look).join(', '),
  reason: look.reason,
});

const BEGUN: RetrainingStatus[] = ['selecting', 'training', 'evaluating', 'approving'];

/** A run that begins, and every status after its first. */
export function retrainingEvent({ status }: RetrainingRecord, before: RetrainingRecord | undefined): string | undefined {
  if (before === undefined && BEGUN.includes(status)) return 'begun';
  return before?.status === status ? undefined : status;
}

export function retrainingDetail(run: RetrainingRecord): Item {
  const { id, trigger, reason, requestedBy, outcome, evaluation, modelPackageArn } = run;
  return {
    id,
    trigger,
    by: requestedBy,
    reason: outcome ?? reason,
    ...(evaluation === undefined ? {} : { metric: evaluation.metric, candidate: evaluation.candidate, stable: evaluation.stable }),
    ...(modelPackageArn === undefined ? {} : { package: modelPackageArn.split('model-package/').at(-1) }),
  };
}
