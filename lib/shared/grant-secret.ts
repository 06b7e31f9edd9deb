import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/** Allows reading the value, and nothing around it. A secret that is known by name alone has six more characters in its ARN. */
export function grantSecretValue(secret: secretsmanager.ISecret, grantee: iam.IGrantable): void {
  const resource = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  iam.Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [resource] });
  secret.encryptionKey?.grantDecrypt(grantee);
}
