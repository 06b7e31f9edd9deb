import { approvalsOwed } from '../approval/owed';
import type { ControlRecord, RegisteredRelease, ReleaseRecord } from '../contracts';
import { keepWarmMinutesOf } from './keep-warm';
import { endpointNameOf } from './names';
import { ownEndpointName, standsApart } from './own-endpoint';
import { updateTo } from './plan';

/** What the release workflow goes by: the policy that was pinned with the release, and how the endpoint stands. */
export function courseOf(
  record: Pick<ReleaseRecord, 'id' | 'spec' | 'lane' | 'returnTo'>,
  control: ControlRecord,
  prefix: string,
): RegisteredRelease {
  const { rollout, gates, serving } = record.spec;
  const { stable } = control;
  const first = stable === undefined;
  const endpointName = control.endpointName ?? endpointNameOf(prefix);
  const isUnsettled = stable !== undefined && control.endpointConfigName !== stable.endpointConfigName;
  const isApart = standsApart(record.spec, stable);
  return {
    first,
    own: first || isApart,
    endpointName: isApart ? ownEndpointName(prefix, record.id, record.spec) : endpointName,
    ...(isUnsettled
      ? {
          restore: {
            first: false,
            own: false,
            endpointName,
            stableConfigName: stable.endpointConfigName,
            restoreEndpoint: { ...updateTo(endpointName, stable.endpointConfigName) },
          },
        }
      : {}),
    minInstances: serving.minInstances,
    maxInstances: serving.maxInstances,
    approvals: approvalsOwed(record),
    ...(record.lane === undefined ? {} : { lane: record.lane }),
    // There is no fleet to go over to, and no answer to compare with.
    strategy: first && rollout.strategy === 'blue-green' ? 'all-at-once' : rollout.strategy,
    gates: (gates ?? []).map(({ name }) => name),
    shadowMinutes: first ? 0 : (rollout.shadow?.bakeMinutes ?? 0),
    keepWarmMinutes: keepWarmMinutesOf(rollout, stable),
    steps: rollout.steps,
    maxDurationMinutes: rollout.maxDurationMinutes,
  };
}
