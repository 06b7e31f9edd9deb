import type { DeployedResource } from '../assembly/standing';
import type { IamReport } from '../cloud/types';

/** Physical names and ARNs are made up by the deployment: what is told names constructs by their paths. */
export class Naming {
  private readonly paths = new Map<string, string>();

  constructor(deployed: readonly DeployedResource[]) {
    for (const { ref, attributes, constructPath } of deployed) {
      if (constructPath === '') continue;
      for (const name of namesOf(ref, attributes)) if (!this.paths.has(name)) this.paths.set(name, constructPath);
    }
  }

  /** The construct path of what has this name or ARN; else the name itself. */
  readonly pathOf = (name: string): string => this.paths.get(name) ?? this.mapRunOf(name) ?? name;

  /** The children of a Map Run are executions of `<machine>/<label>`. */
  private mapRunOf(name: string): string | undefined {
    const end = name.lastIndexOf('/');
    const path = end === -1 ? undefined : this.paths.get(name.slice(0, end));
    return path === undefined ? undefined : `${path}, a Map Run`;
  }

  /** What an ARN is about: a construct, or what belongs to one, such as an index of a table. */
  readonly resourceOf = (arn: string): string => {
    for (let end = arn.length; end > 0; end = arn.lastIndexOf('/', end - 1)) {
      const path = this.paths.get(arn.slice(0, end));
      if (path !== undefined) return `${path}${arn.slice(end)}`;
    }
    return arn;
  };

  /** With paths in the place of the names that are values. */
  named(detail: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, typeof value === 'string' ? this.pathOf(value) : value]));
  }

  iam({ denied, unused, notJudged = [] }: IamReport): Required<IamReport> {
    const row = <T extends { role: string }>(one: T): T => ({ ...one, role: this.pathOf(one.role) });
    return { denied: denied.map(row), unused: unused.map(row), notJudged: notJudged.map(row) };
  }
}

/** `Ref`, the ARN, and the name at the end of either. */
function namesOf(ref: string, attributes: Record<string, unknown>): string[] {
  const arns = [ref, attributes['Arn'], attributes['TopicArn']].filter((one) => typeof one === 'string');
  return arns.flatMap((arn) => (arn.startsWith('arn:') ? [arn, arn.split(':').at(-1)!.split('/').at(-1)!] : [arn]));
}
