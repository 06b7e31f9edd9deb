/** ARNs of what the stacks made, by construct path. */
export class Constructs {
  private readonly arns = new Map<string, string>();
  /** Grows with each change: whoever keeps ARNs by path looks again. */
  version = 0;

  note(constructPath: string, arn: string): void {
    if (constructPath === '' || this.arns.get(constructPath) === arn) return;
    this.arns.set(constructPath, arn);
    this.version += 1;
  }

  /** ARNs of the constructs whose path is this or ends with it. */
  arnsAt(path: string): string[] {
    return [...this.arns].filter(([known]) => endsWithPath(known, path)).map(([, arn]) => arn);
  }
}

/** Whole ids only: `Intake/Queue` is the end of `Triage/Intake/Queue`, `Queue` is not the end of `DeadQueue`. */
export function endsWithPath(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`);
}
