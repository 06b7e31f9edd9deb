import type { ControlRecord, DeployedRelease } from '../contracts';
import type { CostArm } from '../contracts/cost';

/** For whom a variant's instances work. `pending`: of the fleet that is on its way in. */
export function armOf(control: ControlRecord, endpointName: string, variantName: string, pending: boolean): CostArm {
  const { stable, candidate, warm, lockedBy } = control;
  const stands = (release: DeployedRelease | undefined): boolean => {
    if (release === undefined) return false;
    if (release.endpointName !== undefined) return release.endpointName === endpointName;
    return control.endpointName === endpointName && release.variantName === variantName;
  };
  // A blue/green deployment brings the candidate under stable's own variant name.
  if (pending && stands(candidate)) return 'candidate';
  if (stands(stable)) return 'stable';
  if (stands(candidate)) return 'candidate';
  if (stands(warm?.release)) return 'warm';
  if (lockedBy === undefined) return 'stable';
  // Promoted, and what it took the place of is not gone yet; else a release on its way that has no traffic yet.
  return lockedBy === stable?.releaseId ? 'warm' : 'candidate';
}
