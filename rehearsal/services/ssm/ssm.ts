import { AwsError } from '../../cloud/types';
import type { Cloud, Members, Operation, ServiceDouble } from '../../cloud/types';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly arn: string;
  value: string;
  version: number;
  changedAtMillis: number;
}

/** Parameter Store, plain parameters. */
export class Ssm implements ServiceDouble {
  readonly service = 'ssm';
  readonly operations: Record<string, Operation>;
  private readonly parameters = new Map<string, Parameter>();

  constructor(private readonly cloud: Cloud) {
    this.operations = {
      GetParameter: {
        permissions: (input) => [{ action: 'ssm:GetParameter', resource: this.arnOf(input['Name'] as string) }],
        run: (input) => this.get(input),
      },
    };
  }

  put(name: string, type: string, value: string): Parameter {
    const known = this.parameters.get(name);
    const changedAtMillis = this.cloud.clock.now();
    const parameter: Parameter = { name, type, arn: this.arnOf(name), value, version: (known?.version ?? 0) + 1, changedAtMillis };
    this.parameters.set(name, parameter);
    return parameter;
  }

  has(name: string): boolean {
    return this.parameters.has(name);
  }

  delete(name: string): void {
    this.parameters.delete(name);
  }

  private arnOf(nameOrArn: string): string {
    return nameOrArn.startsWith('arn:') ? nameOrArn : this.cloud.arn('ssm', `parameter/${nameOrArn.replace(/^\//, '')}`);
  }

  private get(input: Members): Members {
    const asked = input['Name'] as string;
    const parameter = this.parameters.get(asked) ?? [...this.parameters.values()].find(({ arn }) => arn === asked);
    if (parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${asked} not found.`);
    return {
      Parameter: {
        Name: parameter.name,
        Type: parameter.type,
        Value: parameter.value,
        Version: parameter.version,
        LastModifiedDate: new Date(parameter.changedAtMillis),
        ARN: parameter.arn,
        DataType: 'text',
      },
    };
  }
}

export const createSsm = (cloud: Cloud): Ssm => new Ssm(cloud);
