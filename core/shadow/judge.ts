import type { GateMeasure, RolloutPolicy, ShadowPolicy, StepDecision } from '../contracts';
import { surelyBelow } from './evidence';
import type { PairCounts } from './pairing';

/** How a variant fared, as SageMaker's own metrics say: failed requests are not captured. */
export interface VariantHealth {
  requests: number;
  failures: number;
  /** Missing: nothing was answered. */
  p95Millis?: number;
}

export interface ShadowLook {
  policy: ShadowPolicy;
  inconclusive: RolloutPolicy['inconclusive'];
  openedAtMillis: number;
  nowMillis: number;
  pairs: PairCounts;
  stable: VariantHealth;
  shadow: VariantHealth;
  /** Files that were not read yet. */
  filesLeft: number;
}

export interface ShadowVerdict {
  decision: StepDecision;
  /** A sentence for people. */
  reason: string;
  culprit?: 'shadow-agreement' | 'shadow-latency' | 'shadow-errors';
  passed: boolean;
  measured: GateMeasure[];
}

const MILLIS_PER_MINUTE = 60_000;

/** No answer of the shadow is used, so that waiting harms nobody: only a disagreement beyond doubt ends the phase before it has baked. */
export function judgeShadow(look: ShadowLook): ShadowVerdict {
  const { policy, openedAtMillis, nowMillis, pairs, shadow, filesLeft, inconclusive } = look;
  const measured = [errorsMeasure(look), agreementMeasure(look), latencyMeasure(look)];
  const [errors, agreement, latency] = measured as [GateMeasure, GateMeasure, GateMeasure];
  const leftMinutes = Math.ceil((openedAtMillis - nowMillis) / MILLIS_PER_MINUTE + policy.bakeMinutes);
  const waiting = (reason: string): ShadowVerdict => ({ decision: 'continue', reason, passed: false, measured });
  if (leftMinutes > 0 && isHopeless(look)) return failed('shadow-agreement', agreement, measured);
  if (leftMinutes > 0) return waiting(`${pairs.compared} answers compared, ${leftMinutes} minutes to go`);
  // A shadow that fails has few answers to compare: its failures speak first.
  if (!errors.passed && shadow.requests >= policy.minimumAnswers) return failed('shadow-errors', errors, measured);
  if (filesLeft > 0) return waiting(`${pairs.compared} answers compared, ${filesLeft} files are still to be read`);
  if (pairs.compared < policy.minimumAnswers) {
    const decision = inconclusive === 'hold' ? 'hold' : 'roll-back';
    return { decision, reason: tooFew(look), passed: false, measured };
  }
  if (!errors.passed) return failed('shadow-errors', errors, measured);
  if (!agreement.passed) return failed('shadow-agreement', agreement, measured);
  if (!latency.passed) return failed('shadow-latency', latency, measured);
  const share = percent(pairs.agreed / pairs.compared);
  return { decision: 'advance', reason: `${share} of ${pairs.compared} answers agree with stable's`, passed: true, measured };
}

function isHopeless({ policy, pairs }: ShadowLook): boolean {
  const { agreementAtLeast, minimumAnswers } = policy;
  return agreementAtLeast !== undefined && pairs.compared >= minimumAnswers && surelyBelow(pairs.agreed, pairs.compared, agreementAtLeast);
}

function failed(culprit: ShadowVerdict['culprit'], measure: GateMeasure, measured: GateMeasure[]): ShadowVerdict {
  const value = measure.value === undefined ? 'could not be measured' : `is ${figure(measure.value)}`;
  return { decision: 'roll-back', reason: `${measure.name} ${value}, demanded is ${measure.demanded}`, culprit, passed: false, measured };
}

function errorsMeasure({ policy, stable, shadow }: ShadowLook): GateMeasure {
  const share = ({ requests, failures }: VariantHealth): number | undefined => (requests === 0 ? undefined : failures / requests);
  const own = share(shadow);
  const rival = share(stable);
  const most = (rival ?? 0) + policy.errorRateAbove;
  return {
    name: "share of the shadow's requests that fail",
    ...(own === undefined ? {} : { value: own }),
    rival: { arm: 'stable', ...(rival === undefined ? {} : { value: rival }) },
    demanded: `at most ${figure(policy.errorRateAbove)} above stable's`,
    passed: own !== undefined && own <= most,
    count: shadow.requests,
  };
}

function agreementMeasure({ policy, pairs }: ShadowLook): GateMeasure {
  const { agreementAtLeast, agreementField } = policy;
  const share = pairs.compared === 0 ? undefined : pairs.agreed / pairs.compared;
  return {
    name: `share of answers that agree${agreementField === undefined ? '' : ` in ${agreementField}`}`,
    ...(share === undefined ? {} : { value: share }),
    ...(agreementAtLeast === undefined ? {} : { demanded: `at least ${figure(agreementAtLeast)}` }),
    passed: agreementAtLeast === undefined || (share !== undefined && share >= agreementAtLeast),
    count: pairs.compared,
  };
}

function latencyMeasure({ policy, stable, shadow }: ShadowLook): GateMeasure {
  const { latencyRatioAtMost } = policy;
  const ratio =
    stable.p95Millis === undefined || shadow.p95Millis === undefined || stable.p95Millis === 0
      ? undefined
      : shadow.p95Millis / stable.p95Millis;
  return {
    name: "95th percentile of latency over stable's",
    ...(ratio === undefined ? {} : { value: ratio }),
    rival: { arm: 'stable', ...(stable.p95Millis === undefined ? {} : { value: 1 }) },
    ...(latencyRatioAtMost === undefined ? {} : { demanded: `at most ${figure(latencyRatioAtMost)}` }),
    passed: latencyRatioAtMost === undefined || (ratio !== undefined && ratio <= latencyRatioAtMost),
    count: shadow.requests,
  };
}

function tooFew({ policy, pairs, shadow }: ShadowLook): string {
  const lacking = pairs.withoutField > 0 ? `; ${pairs.withoutField} more do not have ${policy.agreementField ?? 'an answer'}` : '';
  return (
    `${pairs.compared} answers could be compared in ${policy.bakeMinutes} minutes, fewer than ${policy.minimumAnswers}${lacking}; ` +
    `the shadow got ${shadow.requests} requests`
  );
}

const figure = (value: number): string => String(Math.round(value * 1e4) / 1e4);

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
