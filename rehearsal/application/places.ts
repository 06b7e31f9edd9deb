import type { DeployedResource } from '../assembly/stack';
import { KINDS, type ConstructFinder, type Kind } from './construct-kinds';

/** Where the constructs that the scenario names stand in the cloud. */
export class Places {
  constructor(
    private readonly finder: ConstructFinder,
    private readonly deployed: () => readonly DeployedResource[],
  ) {}

  /** Undefined: it was not deployed, by a condition or because its stack failed. */
  at(path: string, kind: Kind): DeployedResource | undefined {
    const { constructPath, type } = this.finder.find({ where: kind, path, kind });
    return this.deployed().find((resource) => resource.type === type && resource.constructPath === constructPath);
  }

  /** Its full construct path. */
  pathOf(path: string, kind: Kind): string {
    return this.finder.find({ where: kind, path, kind }).constructPath;
  }

  /** Construct path of what has this ARN or name (`Ref`); else what the ARN says. */
  nameOf(ref: string, kind: Kind): string {
    const path = this.all(kind).find((resource) => resource.ref === ref)?.constructPath ?? '';
    return path === '' ? (ref.split(':').at(-1) ?? ref) : path;
  }

  all(kind: Kind): DeployedResource[] {
    const types: readonly string[] = KINDS[kind];
    return this.deployed().filter(({ type }) => types.includes(type));
  }
}
