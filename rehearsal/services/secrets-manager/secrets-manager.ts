import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Cloud, Members, Operation, Permission, PolicyDocument, ServiceDouble } from '../../cloud/types';
import { pageOf } from '../pages';

interface SecretVersion {
  id: string;
  string?: string;
  binary?: Uint8Array;
  createdAtMillis: number;
  stages: Set<string>;
}

interface Secret {
  readonly name: string;
  readonly arn: string;
  description: string;
  kmsKeyId: string | undefined;
  policy: PolicyDocument | undefined;
  readonly createdAtMillis: number;
  changedAtMillis: number;
  readonly versions: SecretVersion[];
}

const notFound = (what = 'the specified secret.'): AwsError =>
  new AwsError('ResourceNotFoundException', `Secrets Manager can't find ${what}`);

const sameValue = (version: SecretVersion, input: Members): boolean =>
  version.string === input['SecretString'] &&
  Buffer.compare(version.binary ?? new Uint8Array(), (input['SecretBinary'] ?? new Uint8Array()) as Uint8Array) === 0;

/** What DescribeSecret says, as ListSecrets names it. */
function listed({ VersionIdsToStages, ...rest }: Members): Members {
  return { ...rest, SecretVersionsToStages: VersionIdsToStages };
}

export class SecretsManager implements ServiceDouble {
  readonly service = 'secrets-manager';
  readonly operations: Record<string, Operation>;
  private readonly byArn = new Map<string, Secret>();
  private readonly random;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('secrets-manager');
    this.operations = {
      GetSecretValue: this.onSecret('GetSecretValue', (secret, input) => this.value(secret, input)),
      PutSecretValue: this.onSecret('PutSecretValue', (secret, input) => this.put(secret, input)),
      DescribeSecret: this.onSecret('DescribeSecret', (secret) => this.describe(secret)),
      ListSecrets: { permissions: () => [{ action: 'secretsmanager:ListSecrets', resource: '*' }], run: (input) => this.list(input) },
    };
  }

  createSecret(name: string, value: Members, description = '', kmsKeyId?: string): string {
    if ([...this.byArn.values()].some((secret) => secret.name === name)) {
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    }
    const suffix = Buffer.from(this.random.bytes(3)).toString('hex');
    const arn = this.cloud.arn('secretsmanager', `secret:${name}-${suffix}`);
    const now = this.cloud.clock.now();
    const secret: Secret = {
      name,
      arn,
      description,
      kmsKeyId,
      policy: undefined,
      createdAtMillis: now,
      changedAtMillis: now,
      versions: [],
    };
    this.byArn.set(arn, secret);
    this.put(secret, value);
    return arn;
  }

  deleteSecret(arn: string): void {
    this.byArn.delete(arn);
  }

  setPolicy(secretId: string, policy: PolicyDocument | undefined): void {
    this.find(secretId).policy = policy;
  }

  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    return this.byArn.get(resourceArn)?.policy;
  }

  putValue(secretId: string, value: Members): void {
    this.put(this.find(secretId), value);
  }

  /** By ARN, by ARN without its random end, or by name. */
  private find(secretId: string): Secret {
    const exact = this.byArn.get(secretId);
    if (exact !== undefined) return exact;
    for (const secret of this.byArn.values()) {
      if (secret.name === secretId || secret.arn.slice(0, -7) === secretId) return secret;
    }
    throw notFound();
  }

  private onSecret(action: string, run: (secret: Secret, input: Members) => Members): Operation {
    return {
      permissions: (input, cloud): Permission[] => {
        const secretId = input['SecretId'] as string;
        const known = [...this.byArn.values()].find(
          ({ name, arn }) => name === secretId || arn === secretId || arn.slice(0, -7) === secretId,
        );
        // IAM answers before the service says whether there is such a secret.
        const unknown = secretId.startsWith('arn:') ? secretId : cloud.arn('secretsmanager', `secret:${secretId}-??????`);
        return [{ action: `secretsmanager:${action}`, resource: known?.arn ?? unknown }];
      },
      run: (input) => run(this.find(input['SecretId'] as string), input),
    };
  }

  private value(secret: Secret, input: Members): Members {
    const id = input['VersionId'] as string | undefined;
    const stage = (input['VersionStage'] ?? (id === undefined ? 'AWSCURRENT' : undefined)) as string | undefined;
    const version = secret.versions.find(
      (candidate) => (id === undefined || candidate.id === id) && (stage === undefined || candidate.stages.has(stage)),
    );
    if (version === undefined) {
      throw notFound(
        id === undefined ? `the specified secret value for staging label: ${stage}` : `the specified secret value for VersionId: ${id}`,
      );
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: [...version.stages],
      CreatedDate: new Date(version.createdAtMillis),
      ...(version.string === undefined ? {} : { SecretString: version.string }),
      ...(version.binary === undefined ? {} : { SecretBinary: version.binary }),
    };
  }

  private put(secret: Secret, input: Members): Members {
    if ((input['SecretString'] === undefined) === (input['SecretBinary'] === undefined)) {
      throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
    }
    const id = (input['ClientRequestToken'] ?? this.random.uuid()) as string;
    const stages = (input['VersionStages'] ?? ['AWSCURRENT']) as string[];
    let version = secret.versions.find((candidate) => candidate.id === id);
    if (version !== undefined && !sameValue(version, input)) {
      throw new AwsError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    if (version === undefined) {
      version = {
        id,
        ...(input['SecretString'] === undefined ? {} : { string: input['SecretString'] as string }),
        ...(input['SecretBinary'] === undefined ? {} : { binary: input['SecretBinary'] as Uint8Array }),
        createdAtMillis: this.cloud.clock.now(),
        stages: new Set(),
      };
      secret.versions.push(version);
    }
    for (const stage of stages) this.moveStage(secret, stage, version);
    secret.changedAtMillis = this.cloud.clock.now();
    return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: [...version.stages] };
  }

  /** A stage is on one version; what was current becomes previous. */
  private moveStage(secret: Secret, stage: string, to: SecretVersion): void {
    const from = secret.versions.find((version) => version.stages.has(stage));
    if (from === to) return;
    from?.stages.delete(stage);
    to.stages.add(stage);
    if (stage === 'AWSCURRENT' && from !== undefined) this.moveStage(secret, 'AWSPREVIOUS', from);
  }

  private describe(secret: Secret): Members {
    const staged = secret.versions.filter(({ stages }) => stages.size > 0);
    return {
      ARN: secret.arn,
      Name: secret.name,
      ...(secret.description === '' ? {} : { Description: secret.description }),
      ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
      CreatedDate: new Date(secret.createdAtMillis),
      LastChangedDate: new Date(secret.changedAtMillis),
      VersionIdsToStages: Object.fromEntries(staged.map(({ id, stages }) => [id, [...stages]])),
    };
  }

  private list(input: Members): Members {
    const { Filters, MaxResults = 100, NextToken, SortOrder = 'asc' } = input;
    if (Filters !== undefined && (Filters as Members[]).length > 0)
      throw new UnsupportedError('secretsmanager ListSecrets: Filters are not supported. List all secrets and choose among them.');
    const { items, nextToken } = pageOf({
      items: [...this.byArn.values()].map((secret, place) => ({ secret, place })),
      keyOf: ({ place }) => place,
      descending: SortOrder === 'desc',
      limit: MaxResults as number,
      token: NextToken as string | undefined,
      listing: `ListSecrets ${SortOrder as string}`,
      invalidToken: () => new AwsError('InvalidNextTokenException', 'The specified NextToken value is not valid.'),
    });
    return {
      SecretList: items.map(({ secret }) => listed(this.describe(secret))),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }
}

export const createSecretsManager = (cloud: Cloud): SecretsManager => new SecretsManager(cloud);
