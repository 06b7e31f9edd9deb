import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ControlRecord, GateResult, ShadowPolicy, StepRecord } from '../../core/contracts';
import { judgeShadow, type ShadowVerdict, type VariantHealth } from '../../core/shadow';
import type { StoredRelease } from '../shared/releases';
import type { MetricValue } from '../shared/telemetry';
import { CaptureReader } from './captures';
import { healthOf } from './variant-health';

export interface ShadowParts {
  s3: S3Client;
  cloudwatch: CloudWatchClient;
  /** Missing where the stack's charter has no shadow phase. */
  captureBucket?: string;
}

/** The name under which evidence has what a shadow phase measured. */
const SHADOW_GATE = 'shadow';
const UNKNOWN: VariantHealth = { requests: 0, failures: 0 };

/** Judges shadow steps. Keeps what it read as long as the same step is open. */
export class ShadowJudge {
  private reader: CaptureReader | undefined;

  constructor(private readonly parts: ShadowParts) {}

  async judge(step: StepRecord, release: StoredRelease, control: ControlRecord, nowMillis: number): Promise<ShadowVerdict> {
    const { inconclusive } = release.spec.rollout;
    const policy = shadowOf(release);
    const openedAtMillis = Date.parse(step.openedAt);
    const reader = this.readerFor(step, policy, control, openedAtMillis);
    const { pairs, filesLeft } = await reader.read(nowMillis);
    // Metrics cost by the request, and decide only in the end.
    const baked = nowMillis >= openedAtMillis + policy.bakeMinutes * 60_000;
    const [stable, shadow] = baked ? await this.health(reader, openedAtMillis, nowMillis) : [UNKNOWN, UNKNOWN];
    return judgeShadow({ policy, inconclusive, openedAtMillis, nowMillis, pairs, filesLeft, stable, shadow });
  }

  private async health(reader: CaptureReader, fromMillis: number, toMillis: number): Promise<[VariantHealth, VariantHealth]> {
    const { endpointName, variants } = reader.place;
    const [stable, shadow] = await healthOf(this.parts.cloudwatch, endpointName, [variants.stable, variants.shadow], fromMillis, toMillis);
    return [stable ?? UNKNOWN, shadow ?? UNKNOWN];
  }

  private readerFor(step: StepRecord, policy: ShadowPolicy, control: ControlRecord, openedAtMillis: number): CaptureReader {
    const { releaseId } = step;
    const { s3, captureBucket: bucket } = this.parts;
    const known = this.reader?.place;
    if (this.reader !== undefined && known?.releaseId === releaseId && known.openedAtMillis === openedAtMillis) return this.reader;
    const { endpointName, stable, candidate } = control;
    if (bucket === undefined || endpointName === undefined || stable === undefined || candidate === undefined) {
      throw new Error(
        `Release ${releaseId} stands in a shadow phase, but there is ${bucket === undefined ? 'no bucket for captures (CAPTURE_BUCKET)' : 'nothing to compare it with'}`,
      );
    }
    const variants = { stable: stable.variantName, shadow: candidate.variantName };
    this.reader = new CaptureReader(s3, { bucket, releaseId, endpointName, variants, openedAtMillis }, policy);
    return this.reader;
  }
}

function shadowOf({ id, spec }: StoredRelease): ShadowPolicy {
  const { shadow } = spec.rollout;
  if (shadow === undefined) throw new Error(`Release ${id} has no shadow phase (rollout.shadow), but a shadow step is open`);
  return shadow;
}

/** What was measured, as evidence beside the gates. */
export function shadowResult(step: StepRecord, { passed, reason, measured }: ShadowVerdict, endedAt: string): GateResult {
  return {
    releaseId: step.releaseId,
    gate: SHADOW_GATE,
    kind: 'custom',
    passed,
    reason,
    startedAt: step.openedAt,
    endedAt,
    measured,
  };
}

export function shadowMetrics({ measured }: ShadowVerdict): MetricValue[] {
  const agreement = measured.find(({ name }) => name.startsWith('share of answers that agree'));
  const compared: MetricValue = ['ShadowAnswersCompared', MetricUnit.Count, agreement?.count ?? 0];
  return agreement?.value === undefined ? [compared] : [compared, ['ShadowAgreement', MetricUnit.NoUnit, agreement.value]];
}
