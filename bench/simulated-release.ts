import type { RolloutPolicy, StepRecord } from '../core/contracts';
import { judge } from '../core/verdict';
import type { Verdict } from '../core/verdict';
import type { StreamOptions } from './simulated-stream';
import { SimulatedStream } from './simulated-stream';

export interface SimulatedRelease {
  verdict: Verdict;
  minutes: number;
  candidateUnits: number;
}

/** The canary alone: `judge` looks each minute, steps follow each other at once. `onLook` sees what a peer would see. */
export function runRelease(rollout: RolloutPolicy, options: StreamOptions, onLook?: (stream: SimulatedStream) => void): SimulatedRelease {
  const stream = new SimulatedStream(options);
  const canaryStartedAt = new Date(options.startMillis).toISOString();
  let step = stepAt(rollout, 0, canaryStartedAt, canaryStartedAt);
  for (let minute = 1; ; minute++) {
    stream.pass(step.weight);
    const nowMillis = stream.nowMillis();
    onLook?.(stream);
    const verdict = judge({
      step,
      spec: { rollout, kpis: options.kpis.map((kpi) => kpi.policy) },
      counters: stream.counters,
      control: options.control,
      nowMillis,
    });
    if (verdict.decision === 'advance') {
      step = stepAt(rollout, step.index + 1, new Date(nowMillis).toISOString(), canaryStartedAt);
    } else if (verdict.decision !== 'continue') {
      return { verdict, minutes: minute, candidateUnits: stream.candidateUnits };
    }
  }
}

function stepAt(rollout: RolloutPolicy, index: number, openedAt: string, canaryStartedAt: string): StepRecord {
  const step = rollout.steps[index];
  if (step === undefined) {
    throw new Error(`There is no canary step ${index}: the rollout has ${rollout.steps.length}`);
  }
  return {
    releaseId: 'r2-00000000',
    stepId: `r2-00000000#${index}`,
    index,
    weight: step.weight,
    bakeMinutes: step.bakeMinutes,
    last: index === rollout.steps.length - 1,
    taskToken: 'token',
    openedAt,
    canaryStartedAt,
  };
}
