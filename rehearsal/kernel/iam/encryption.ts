import { AwsError } from '../../cloud/types';
import type { Caller, Permission, PolicyDocument } from '../../cloud/types';
import type { PolicyEngine } from './registry';

const toRead = ['kms:Decrypt'];
const toSend = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** What a request on an encrypted resource asks of its key, by the request's own action. */
const askedOfKey: Record<string, readonly string[]> = {
  'dynamodb:BatchGetItem': toRead,
  'dynamodb:BatchWriteItem': toRead,
  'dynamodb:ConditionCheckItem': toRead,
  'dynamodb:DeleteItem': toRead,
  'dynamodb:GetItem': toRead,
  'dynamodb:PutItem': toRead,
  'dynamodb:Query': toRead,
  'dynamodb:Scan': toRead,
  'dynamodb:UpdateItem': toRead,
  's3:GetObject': toRead,
  's3:GetObjectVersion': toRead,
  's3:PutObject': ['kms:GenerateDataKey'],
  'secretsmanager:GetSecretValue': toRead,
  'secretsmanager:PutSecretValue': toSend,
  'sns:Publish': toSend,
  'sqs:ReceiveMessage': toRead,
  'sqs:SendMessage': toSend,
};

/** How each service names a refusal by KMS. */
const refusals: Record<string, [code: string, statusCode: number]> = {
  sns: ['KMSAccessDeniedException', 400],
  sqs: ['KmsAccessDenied', 400],
  s3: ['AccessDenied', 403],
};

interface KeyPolicies {
  /** Undefined for a key that is not of the stack: its policy cannot be known. */
  policyOf(keyArn: string): { policy: PolicyDocument | undefined } | undefined;
  /** Told once of each key whose policy nobody could ask. */
  unknown(keyArn: string): void;
}

/** Resources that are encrypted under a customer's key: who uses them needs the key as well, through the service. */
export class Encryption {
  private readonly keys = new Map<string, string>();
  private readonly told = new Set<string>();

  constructor(
    private readonly iam: PolicyEngine,
    private readonly region: string,
    private readonly accountId: string,
    private readonly policies: KeyPolicies,
  ) {}

  /** The resource is encrypted under this key from now on; under none that matters without one. */
  protect(resourceArn: string, keyArn: string | undefined): void {
    if (keyArn === undefined) this.keys.delete(resourceArn);
    else this.keys.set(resourceArn, keyArn);
  }

  /** Whether any resource is encrypted under a customer's key. */
  get inUse(): boolean {
    return this.keys.size > 0;
  }

  keyOf(resourceArn: string): string | undefined {
    return this.keys.get(resourceArn);
  }

  /** After the request itself is allowed: the key's policy and the caller's own decide about the key. */
  authorise(caller: Caller, permission: Permission, operation: string): void {
    const asked = askedOfKey[permission.action];
    if (asked === undefined || caller.kind === 'world' || operation === 'HeadObject') return;
    const resource = containerOf(permission.resource);
    const keyArn = this.keys.get(resource);
    if (keyArn === undefined) return;
    const service = permission.action.split(':')[0] ?? '';
    for (const action of asked) this.use(caller, action, keyArn, service, encryptionContext(service, resource));
  }

  /** One use of a key by a caller through a service. */
  use(caller: Caller, action: string, keyArn: string, service: string, context: Record<string, string> = {}): void {
    const known = this.policies.policyOf(keyArn);
    if (known === undefined && !this.told.has(keyArn)) {
      this.told.add(keyArn);
      this.policies.unknown(keyArn);
    }
    // Services need the key's policy alone, and that is not to be seen.
    if (known === undefined && caller.kind === 'service') return;
    const host = `${service}.amazonaws.com`;
    const through = { 'kms:ViaService': `${service}.${this.region}.amazonaws.com`, 'aws:ViaAWSService': 'true', 'aws:CalledVia': [host] };
    const keys = { ...context, ...through, 'aws:CalledViaFirst': host, 'aws:CalledViaLast': host, 'kms:CallerAccount': this.accountId };
    try {
      this.iam.authorise(caller, { action, resource: keyArn, context: keys }, known?.policy, 'kms');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const [code, statusCode] = refusals[service] ?? ['AccessDeniedException', 400];
      throw new AwsError(code, error.message, statusCode);
    }
  }
}

/** The bucket of an object, the table of an index. */
function containerOf(arn: string): string {
  const slash = arn.startsWith('arn:') && arn.split(':')[2] === 's3' ? arn.indexOf('/') : arn.indexOf('/index/');
  return slash < 0 ? arn : arn.slice(0, slash);
}

function encryptionContext(service: string, resource: string): Record<string, string> {
  const prefix = 'kms:EncryptionContext:';
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  switch (service) {
    case 'sqs':
      return { [`${prefix}aws:sqs:arn`]: resource };
    case 'sns':
      return { [`${prefix}aws:sns:topicArn`]: resource };
    case 's3':
      return { [`${prefix}aws:s3:arn`]: resource };
    case 'dynamodb':
      return { [`${prefix}aws:dynamodb:tableName`]: name, [`${prefix}aws:dynamodb:subscriberId`]: resource.split(':')[4] ?? '' };
    case 'secretsmanager':
      return { [`${prefix}SecretARN`]: resource };
    default:
      return {};
  }
}
