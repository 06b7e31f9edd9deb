import type { ControlRecord, DeployedRelease, ReleaseSpec } from '../contracts';
import type { ServingMode } from '../contracts/serving';
import { endpointNameOf, releaseNames } from './names';

const modeOf = (release: Pick<DeployedRelease, 'mode'> | undefined): ServingMode => release?.mode ?? 'real-time';

/**
 * Two variants stand on one endpoint only where both are real-time: in every other mode a release has an endpoint of its own,
 * and the control record moves traffic from one endpoint to the other.
 */
export function standsApart({ serving }: Pick<ReleaseSpec, 'serving'>, stable: DeployedRelease | undefined): boolean {
  return serving.mode !== 'real-time' || modeOf(stable) !== 'real-time';
}

/** Real-time endpoints have one name for good; those of one release are named after it. */
export function ownEndpointName(prefix: string, releaseId: string, { serving }: Pick<ReleaseSpec, 'serving'>): string {
  return serving.mode === 'real-time' ? endpointNameOf(prefix) : releaseNames(prefix, releaseId).endpointName;
}

/** What the candidate is said to stand on, besides its variant: nothing where that is stable's endpoint. */
export function placeOfOwn(
  prefix: string,
  releaseId: string,
  spec: Pick<ReleaseSpec, 'serving'>,
): Pick<DeployedRelease, 'endpointName' | 'componentName' | 'mode'> {
  const { mode } = spec.serving;
  return {
    endpointName: ownEndpointName(prefix, releaseId, spec),
    ...(mode === 'inference-components' ? { componentName: releaseNames(prefix, releaseId).componentName } : {}),
    ...(mode === 'real-time' ? {} : { mode }),
  };
}

/** The endpoint that a release answers from. */
export const endpointOf = (release: DeployedRelease, { endpointName }: Pick<ControlRecord, 'endpointName'>): string | undefined =>
  release.endpointName ?? endpointName;

/** Why a release cannot have an endpoint of its own now; undefined: it can. */
export function whyNotApart({ rollout }: Pick<ReleaseSpec, 'rollout'>, control: ControlRecord): string | undefined {
  const { stable, endpointName, endpointAdopted, endpointConfigName } = control;
  if (stable === undefined) return undefined;
  if (endpointAdopted === true) {
    return `endpoint ${endpointName} was adopted and is real-time: a release in another mode needs a use case of its own`;
  }
  if (rollout.shadow !== undefined || rollout.strategy === 'blue-green') {
    const strategy = rollout.shadow === undefined ? 'blue-green' : 'shadow';
    return `${strategy} needs stable's endpoint, and a change of the serving mode goes to another one: release it once with canary, linear or all-at-once`;
  }
  if (endpointConfigName !== stable.endpointConfigName) {
    return 'the release before stable was still on the endpoint (rollback window): it is settled now, ask for this release once more';
  }
  return undefined;
}
