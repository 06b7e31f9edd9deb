import { AwsError } from '../../cloud/types';
import type { Cloud, PolicyDocument, ServiceDouble } from '../../cloud/types';

/**
 * KMS keys with their policies. Nothing is encrypted; but whoever uses a queue, topic, bucket, table or secret under a key of the
 * customer's is asked for the key as well (`kernel/iam/encryption.ts`). Operations are refused by name.
 */
export class Kms implements ServiceDouble {
  readonly service = 'kms';
  readonly operations = {};
  private readonly policies = new Map<string, PolicyDocument | undefined>();
  private readonly aliases = new Map<string, string>();

  constructor(private readonly cloud: Cloud) {}

  createKey(policy: PolicyDocument | undefined): { id: string; arn: string } {
    const id = this.cloud.random.fork(`kms ${this.policies.size}`).uuid();
    const arn = this.cloud.arn('kms', `key/${id}`);
    this.policies.set(arn, policy);
    return { id, arn };
  }

  setPolicy(arn: string, policy: PolicyDocument | undefined): void {
    this.policies.set(arn, policy);
  }

  putAlias(name: string, keyId: string): void {
    this.aliases.set(name, keyId);
  }

  createAlias(name: string, keyId: string): void {
    if (this.aliases.has(name)) throw new AwsError('AlreadyExistsException', `An alias with the name ${name} already exists`);
    this.putAlias(name, keyId);
  }

  deleteAlias(name: string): void {
    this.aliases.delete(name);
  }

  /** ARN of the customer's key that an id, ARN or alias names; none for the keys that AWS manages. */
  customerKey(named: unknown): string | undefined {
    if (typeof named !== 'string' || named === '') return undefined;
    const alias = /(?:^|:)(alias\/.+)$/.exec(named)?.[1];
    if (alias?.startsWith('alias/aws/')) return undefined;
    const id = alias === undefined ? named : (this.aliases.get(alias) ?? alias);
    return id.startsWith('arn:') ? id : this.cloud.arn('kms', id.startsWith('alias/') ? id : `key/${id}`);
  }

  /** Whether the key is of the stacks here: of others the policy is not to be seen. */
  hasKey(arn: string): boolean {
    return this.policies.has(arn);
  }

  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    return this.policies.has(resourceArn) ? (this.policies.get(resourceArn) ?? accountDecides(this.cloud)) : undefined;
  }
}

/** The policy of a key that is given none: the account's own policies decide. */
function accountDecides({ partition, accountId }: Cloud): PolicyDocument {
  let policy = accountPolicies.get(accountId);
  if (policy === undefined) {
    const account = `arn:${partition}:iam::${accountId}:root`;
    policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }] };
    accountPolicies.set(accountId, policy);
  }
  return policy;
}

const accountPolicies = new Map<string, PolicyDocument>();

export const createKms = (cloud: Cloud): Kms => new Kms(cloud);
