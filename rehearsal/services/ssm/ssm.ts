import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Cloud, Members, Operation, ServiceDouble } from '../../cloud/types';
import { pageOf } from '../pages';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly arn: string;
  value: string;
  version: number;
  changedAtMillis: number;
}

const mostNames = 10;

/** Parameter Store: the newest version of each parameter. */
export class Ssm implements ServiceDouble {
  readonly service = 'ssm';
  readonly operations: Record<string, Operation>;
  private readonly parameters = new Map<string, Parameter>();

  constructor(private readonly cloud: Cloud) {
    const named = (action: string, names: (input: Members) => string[]): Operation['permissions'] => {
      return (input) => names(input).map((name) => ({ action: `ssm:${action}`, resource: this.arnOf(name) }));
    };
    const one = (input: Members): string[] => [input['Name'] as string];
    const many = (input: Members): string[] => input['Names'] as string[];
    this.operations = {
      GetParameter: { permissions: named('GetParameter', one), run: (input) => this.get(input) },
      GetParameters: { permissions: named('GetParameters', many), run: (input) => this.getMany(input) },
      GetParametersByPath: {
        permissions: named('GetParametersByPath', (input) => [input['Path'] as string]),
        run: (input) => this.getByPath(input),
      },
      PutParameter: { permissions: named('PutParameter', one), run: (input) => this.putAsAsked(input) },
      DeleteParameter: {
        permissions: named('DeleteParameter', one),
        run: (input) => {
          const { name } = this.parameter(input['Name'] as string);
          this.delete(name);
          return {};
        },
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

  private find(asked: string): Parameter | undefined {
    return this.parameters.get(asked) ?? [...this.parameters.values()].find(({ arn }) => arn === asked);
  }

  private parameter(asked: string): Parameter {
    const found = this.find(asked);
    if (found === undefined) throw new AwsError('ParameterNotFound', `Parameter ${asked} not found.`);
    return found;
  }

  private get(input: Members): Members {
    return { Parameter: described(this.parameter(input['Name'] as string)) };
  }

  private getMany(input: Members): Members {
    const names = [...new Set(input['Names'] as string[])];
    if (names.length > mostNames) throw new AwsError('ValidationException', `A request may name at most ${mostNames} parameters.`);
    const found = names.map((name) => ({ name, parameter: this.find(name) }));
    return {
      Parameters: found.flatMap(({ parameter }) => (parameter === undefined ? [] : [described(parameter)])),
      InvalidParameters: found.filter(({ parameter }) => parameter === undefined).map(({ name }) => name),
    };
  }

  private getByPath(input: Members): Members {
    if (input['ParameterFilters'] !== undefined) throw new UnsupportedError('ssm GetParametersByPath: ParameterFilters are not supported.');
    const path = `${(input['Path'] as string).replace(/\/$/, '')}/`;
    const isBelow = ({ name }: Parameter): boolean =>
      name.startsWith(path) && (input['Recursive'] === true || !name.slice(path.length).includes('/'));
    const page = pageOf({
      items: [...this.parameters.values()].filter(isBelow),
      keyOf: ({ name }) => name,
      limit: (input['MaxResults'] ?? mostNames) as number,
      token: input['NextToken'] as string | undefined,
      listing: `GetParametersByPath ${path} ${String(input['Recursive'] ?? false)}`,
      invalidToken: () => new AwsError('InvalidNextToken', 'The specified token is not valid.'),
    });
    return { Parameters: page.items.map(described), ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }) };
  }

  private putAsAsked(input: Members): Members {
    const name = input['Name'] as string;
    const known = this.parameters.get(name);
    if (known !== undefined && input['Overwrite'] !== true) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const type = (input['Type'] ?? known?.type) as string | undefined;
    if (type === undefined) throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
    if (type === 'SecureString') throw new UnsupportedError('ssm PutParameter: the type SecureString is not supported. Use a secret.');
    const { version } = this.put(name, type, input['Value'] as string);
    return { Version: version, Tier: 'Standard' };
  }
}

const described = ({ name, type, value, version, changedAtMillis, arn }: Parameter): Members => ({
  Name: name,
  Type: type,
  Value: value,
  Version: version,
  LastModifiedDate: new Date(changedAtMillis),
  ARN: arn,
  DataType: 'text',
});

export const createSsm = (cloud: Cloud): Ssm => new Ssm(cloud);
