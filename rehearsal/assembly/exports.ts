import { AwsError } from '../cloud/types';

interface Export {
  value: string;
  stackName: string;
  /** Stacks that import it. */
  readonly importers: Set<string>;
}

/** What the stacks of the account and region export to each other. */
export class Exports {
  private readonly byName = new Map<string, Export>();
  private readonly outputs = new Map<string, Readonly<Record<string, string>>>();

  /** An output, exported or not: another stack that reads it does not hold it. */
  output(stackName: string, outputName: string): string | undefined {
    return this.outputs.get(stackName)?.[outputName];
  }

  putOutputs(stackName: string, values: Readonly<Record<string, string>>): void {
    this.outputs.set(stackName, values);
  }

  value(name: string): string | undefined {
    return this.byName.get(name)?.value;
  }

  /** Notes what a stack imports now. */
  use(stackName: string, names: ReadonlySet<string>): void {
    for (const [name, { importers }] of this.byName) {
      if (names.has(name)) importers.add(stackName);
      else importers.delete(stackName);
    }
  }

  /** Takes the place of what the stack exported before. An export that another stack imports can neither go nor change. */
  put(stackName: string, values: Readonly<Record<string, string>>): void {
    for (const [name, one] of this.byName) {
      if (one.stackName !== stackName || values[name] === one.value) continue;
      if (one.importers.size > 0) throw inUse(name, one, name in values ? 'updated' : 'deleted');
      this.byName.delete(name);
    }
    for (const [name, value] of Object.entries(values)) {
      const other = this.byName.get(name);
      if (other !== undefined && other.stackName !== stackName)
        throw new AwsError('ValidationError', `Export with name ${name} is already exported by stack ${other.stackName}.`);
      if (other === undefined) this.byName.set(name, { value, stackName, importers: new Set() });
    }
  }

  /** The stack is gone. */
  forget(stackName: string): void {
    this.use(stackName, new Set());
    this.put(stackName, {});
    this.outputs.delete(stackName);
  }

  /** Throws where another stack still imports something of this one. */
  checkRemoval(stackName: string): void {
    for (const [name, one] of this.byName) if (one.stackName === stackName && one.importers.size > 0) throw inUse(name, one, 'deleted');
  }
}

const inUse = (name: string, { importers }: Export, done: string): AwsError =>
  new AwsError('ValidationError', `Export ${name} cannot be ${done} as it is in use by ${[...importers].join(', ')}.`);
