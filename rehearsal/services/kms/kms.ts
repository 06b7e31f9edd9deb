import { AwsError } from '../../cloud/types';
import type { Cloud, PolicyDocument, ServiceDouble } from '../../cloud/types';

/**
 * KMS keys as names to refer to. Encryption is not simulated: services that are given a key keep their data in the clear and ask no
 * key policy, so a handler that lacks `kms:Decrypt` is not found out here. Operations are refused by name.
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

  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    return this.policies.get(resourceArn);
  }
}

export const createKms = (cloud: Cloud): Kms => new Kms(cloud);
