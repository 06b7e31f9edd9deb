import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledgeResources } from '../shared/acknowledge';

/** A secret that the container reads: its environment variable holds the ARN, never the value. */
export interface ModelSecret {
  readonly variable: string;
  readonly arn: string;
}

export function modelSecrets(scope: Construct, named: Record<string, string> | undefined): ModelSecret[] {
  return Object.entries(named ?? {}).map(([variable, resourceName]) => ({
    variable,
    arn: Stack.of(scope).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  }));
}

/** Secrets Manager ends ARNs with six characters that nobody knows before. */
export function allowSecrets(role: iam.Role, secrets: ModelSecret[], encryptionKey: kms.IKey | undefined): void {
  if (secrets.length === 0) return;
  const resources = secrets.map(({ arn }) => `${arn}-??????`);
  role.addToPolicy(new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources }));
  encryptionKey?.grantDecrypt(role);
  acknowledgeResources(role, 'The ARN of a secret ends with six characters that are not known before.', ...resources);
}
