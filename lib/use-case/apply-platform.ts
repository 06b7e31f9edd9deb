import { Annotations, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ResolvedUseCase } from './resolved-use-case';

/** What the charter asks of everything in the use case; what it says without effect is told. */
export function applyPlatform(scope: Construct, { charter, effectless }: ResolvedUseCase): void {
  const { permissionsBoundary } = charter.platform;
  if (permissionsBoundary !== undefined) {
    const policy = iam.ManagedPolicy.fromManagedPolicyArn(scope, 'PermissionsBoundary', permissionsBoundary);
    iam.PermissionsBoundary.of(scope).apply(policy);
  }
  const tags = { ...charter.tags, 'sluice:use-case': charter.name };
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
  for (const { path, why } of effectless) {
    // Brackets would end the id in the CDK's own reading of it.
    Annotations.of(scope).addWarningV2(`sluice:no-effect:${path.replace(/\[(\d+)\]/g, '.$1')}`, `${path} has no effect yet: ${why}`);
  }
}
