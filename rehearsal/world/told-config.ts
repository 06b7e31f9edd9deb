import type { ControlRecord } from '../../core/contracts';

/** The config that the control record says an endpoint runs: stable's, or that of a release with an endpoint of its own; none: nobody's. */
export function configToldOf({ endpointName, endpointConfigName, candidate, warm }: ControlRecord, endpoint: string): string | undefined {
  if (endpoint === endpointName) return endpointConfigName;
  return [candidate, warm?.release].find((release) => release?.endpointName === endpoint)?.endpointConfigName;
}
