import type { DeployedResource } from '../assembly/standing';
import { KINDS, type ConstructFinder, type Kind } from './construct-kinds';

/** Where the constructs that the scenario names stand in the cloud. */
export class Places {
  private readonly known = new Map<string, DeployedResource>();

  constructor(
    private readonly finder: ConstructFinder,
    private readonly deployed: () => readonly DeployedResource[],
  ) {}

  /** Undefined: it was not deployed, by a condition or because its stack failed. */
  at(path: string, kind: Kind): DeployedResource | undefined {
    const key = `${kind} ${path}`;
    // There may be a hundred thousand inputs.
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const { constructPath, type } = this.finder.find({ where: kind, path, kind });
    const found = this.deployed().find((resource) => resource.type === type && resource.constructPath === constructPath);
    if (found !== undefined) this.known.set(key, found);
    return found;
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
