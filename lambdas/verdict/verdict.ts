import type { SFNClient } from '@aws-sdk/client-sfn';
import { type ControlRecord, ledgerKeys, type StepRecord, type VerdictRecord } from '../../core/contracts';
import type { ShadowVerdict } from '../../core/shadow';
import { describeKpi, judge, type Verdict } from '../../core/verdict';
import { readControl } from '../shared/control-store';
import type { Ledger } from '../shared/ledger';
import { existingRelease, type StoredLook, type StoredRelease, type StoredVerdict } from '../shared/releases';
import { logger } from '../shared/telemetry';
import { heartbeat } from '../shared/tokens';
import { closeStep, endStep, readStep } from '../shared/waits';
import { CounterReader } from './counters';
import { isGrowing, judgeWhileGrowing } from './growing';
import { ShadowJudge, type ShadowParts, shadowResult } from './shadow';
import { unheard } from './unheard';

const SECONDS_PER_DAY = 86_400;

type Said = Pick<Verdict, 'decision' | 'reason' | 'culprit'>;

export interface VerdictParts extends ShadowParts {
  ledger: Ledger;
  sfn: SFNClient;
  counterShards: number;
  /** How long a look is kept. */
  retentionDays: number;
  now(): number;
  publish(step: StepRecord, verdict: Verdict): void;
  publishShadow(verdict: ShadowVerdict): void;
}

/** Judges the open step once a minute. Keeps what it read of a release as long as the same release is judged. */
export class VerdictClock {
  private release: StoredRelease | undefined;
  private counters: CounterReader | undefined;

  private readonly shadow: ShadowJudge;

  constructor(private readonly parts: VerdictParts) {
    this.shadow = new ShadowJudge(parts);
  }

  async look(): Promise<{ decision: string }> {
    const { ledger, sfn, now } = this.parts;
    const step = await readStep(ledger);
    if (step === undefined) {
      return { decision: 'none' };
    }
    const at = new Date(now()).toISOString();
    const control = await readControl(ledger);
    if (control?.candidate?.releaseId !== step.releaseId) {
      return this.giveUp(step, control, at);
    }
    const { decision, reason, culprit } =
      step.kind === 'shadow' ? await this.lookAtShadow(step, control, at) : await this.lookAtCanary(step, control, at);
    if (isGrowing(step, at)) {
      return { decision: await judgeWhileGrowing(ledger, sfn, step, { decision, reason, culprit }, at) };
    }
    const waited =
      decision === 'continue'
        ? await heartbeat(sfn, step.taskToken)
        : await endStep(ledger, sfn, step, { decision, reason, culprit, by: 'verdict' }, at);
    if (step.kind === 'shadow' && decision !== 'continue') {
      // No step follows at once: the endpoint changes first, without traffic for anybody to judge.
      await closeStep(ledger, step.stepId);
    } else if (!waited) {
      await unheard(ledger, sfn, step, at);
    }
    logger.info('Verdict', { stepId: step.stepId, decision, reason, culprit, waited });
    return { decision };
  }

  private async lookAtCanary(step: StepRecord, control: ControlRecord, at: string): Promise<Said> {
    const verdict = await this.judge(step, control);
    this.parts.publish(step, verdict);
    await this.keep(step.releaseId, { at, ...verdict, words: verdict.kpis.map(describeKpi) });
    return verdict;
  }

  /** Its evidence is what it measured in the end; looks before that only say how far it is. */
  private async lookAtShadow(step: StepRecord, control: ControlRecord, at: string): Promise<Said> {
    const { ledger, now } = this.parts;
    const release = await this.releaseOf(step);
    const verdict = await this.shadow.judge(step, release, control, now());
    this.parts.publishShadow(verdict);
    const { decision, reason, culprit } = verdict;
    if (decision !== 'continue') {
      const result = shadowResult(step, verdict, at);
      await ledger.put(ledgerKeys.gate(step.releaseId, result.gate), result);
    }
    const latest: StoredVerdict = { at, decision, reason, ...(culprit === undefined ? {} : { culprit }) };
    await ledger.put(ledgerKeys.verdict(step.releaseId), latest);
    return verdict;
  }

  /** The look first: whoever reads which one was the last finds it. */
  private async keep(releaseId: string, record: VerdictRecord): Promise<void> {
    const { ledger, retentionDays } = this.parts;
    const { at, decision, reason, culprit } = record;
    const look: StoredLook = {
      decision,
      verdict: JSON.stringify(record),
      expiresAt: Math.ceil(Date.parse(at) / 1000) + retentionDays * SECONDS_PER_DAY,
    };
    await ledger.put(ledgerKeys.look(releaseId, at), look);
    const latest: StoredVerdict = { at, decision, reason, culprit };
    await ledger.put(ledgerKeys.verdict(releaseId), latest);
  }

  /** Its candidate is gone, but whoever took it away could not tell the step. */
  private async giveUp(step: StepRecord, control: ControlRecord | undefined, at: string): Promise<{ decision: string }> {
    const reason = control?.reason ?? 'There is no control record';
    const by = control?.changedBy ?? 'verdict';
    const waited = await endStep(this.parts.ledger, this.parts.sfn, step, { decision: 'roll-back', reason, by }, at);
    logger.warn('The open step has no candidate', { stepId: step.stepId, waited });
    return { decision: 'roll-back' };
  }

  private async judge(step: StepRecord, control: ControlRecord): Promise<Verdict> {
    const { ledger, counterShards, now } = this.parts;
    const { spec } = await this.releaseOf(step);
    if (this.counters?.releaseId !== step.releaseId) {
      this.counters = new CounterReader(ledger, step.releaseId, counterShards);
    }
    const counters = await this.counters.read(spec.kpis);
    return judge({ step, spec, counters, control: control.stable === undefined ? 'baseline' : 'stable', nowMillis: now() });
  }

  private async releaseOf({ releaseId }: StepRecord): Promise<StoredRelease> {
    if (this.release?.id !== releaseId) {
      this.release = await existingRelease(this.parts.ledger, releaseId);
    }
    return this.release;
  }
}
