import type { ApprovalPolicy, CanaryStep, ControlRecord, ReleaseRecord } from '../contracts';
import { endpointNameOf } from './names';

/** What the release workflow goes by: the answer of `register`. */
export interface ReleaseCourse {
  first: boolean;
  endpointName: string;
  steps: CanaryStep[];
  approvals: ApprovalPolicy;
  maxDurationMinutes: number;
}

export function courseOf(record: Pick<ReleaseRecord, 'spec'>, control: ControlRecord, prefix: string): ReleaseCourse {
  const { rollout, approvals } = record.spec;
  return {
    first: control.stable === undefined,
    endpointName: control.endpointName ?? endpointNameOf(prefix),
    steps: rollout.steps,
    approvals,
    maxDurationMinutes: rollout.maxDurationMinutes,
  };
}
