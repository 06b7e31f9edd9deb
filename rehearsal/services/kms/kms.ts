import { AwsError } from '../../cloud/types';
import type { Cloud, Operation, PolicyDocument, ServiceDouble } from '../../cloud/types';
import { publicKeyDer } from './ecdsa';
import { KeyRecord, type KeySettings } from './key';
import { signingOperations } from './signing';

/**
 * KMS keys with their policies. Nothing is encrypted; but whoever uses a queue, topic, bucket, table or secret under a key of the
 * customer's is asked for the key as well (`kernel/iam/encryption.ts`). Keys on NIST P-256 sign and verify; other operations are refused by name.
 */
export class Kms implements ServiceDouble {
  readonly service = 'kms';
  readonly operations: Record<string, Operation>;
  /** By ARN. */
  private readonly keys = new Map<string, KeyRecord>();
  private readonly aliases = new Map<string, string>();

  constructor(private readonly cloud: Cloud) {
    const arnOf = (named: unknown): string => this.customerKey(named) ?? String(named);
    this.operations = signingOperations(cloud, arnOf, (named) => this.key(arnOf(named)));
  }

  createKey(settings: KeySettings): KeyRecord {
    const { random, clock } = this.cloud;
    const place = `kms ${this.keys.size}`;
    const id = random.fork(place).uuid();
    const arn = this.cloud.arn('kms', `key/${id}`);
    const key = new KeyRecord(id, arn, clock.now(), settings, random.fork(`${place} secret`));
    this.keys.set(arn, key);
    return key;
  }

  change(arn: string, settings: KeySettings): void {
    this.key(arn).settings = settings;
  }

  /** Public keys of all keys that sign, by ARN: DER. */
  signers(): Map<string, Uint8Array> {
    const signing = [...this.keys.values()].filter(({ signs }) => signs);
    return new Map(signing.map((key) => [key.arn, publicKeyDer(key.privateKey())]));
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

  aliasesOf(keyArn: string): string[] {
    return [...this.aliases].filter(([, keyId]) => this.customerKey(keyId) === keyArn).map(([name]) => name);
  }

  /** Whether the key is of the stacks here: of others the policy is not to be seen. */
  hasKey(arn: string): boolean {
    return this.keys.has(arn);
  }

  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    const key = this.keys.get(resourceArn);
    return key === undefined ? undefined : (key.settings.policy ?? accountDecides(this.cloud));
  }

  private key(arn: string): KeyRecord {
    const key = this.keys.get(arn);
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
    return key;
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
