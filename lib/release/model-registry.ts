import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Approvals in a model registry that ask for releases. */
export interface ModelRegistry {
  /**
   * The model package group whose versions are released once they are approved: its name, or its ARN where the registry is in another
   * account. Such an account must send its SageMaker events to this account's default event bus, and share the group.
   */
  readonly group: string;
}

/** @internal Where the group is, and how the ARNs of its versions begin. */
export interface RegistryGroup {
  readonly name: string;
  readonly account: string;
  /** Followed by `/` and the version. */
  readonly packagePrefix: string;
}

/** @internal */
export function registryGroup(scope: Construct, { group }: ModelRegistry): RegistryGroup {
  const stack = Stack.of(scope);
  const at = group.startsWith('arn:')
    ? Arn.split(group, ArnFormat.SLASH_RESOURCE_NAME)
    : { service: 'sagemaker', resource: 'model-package-group', resourceName: group };
  const name = at.resourceName ?? group;
  return {
    name,
    account: at.account ?? stack.account,
    packagePrefix: stack.formatArn({ ...at, resource: 'model-package', resourceName: name }),
  };
}

/** @internal `…:model-package/support-triage/7` → `…:model-package/support-triage`; nothing for a package without versions. */
export function groupOfPackage(packageArn: string): string | undefined {
  return Token.isUnresolved(packageArn) ? undefined : /^(.+:model-package\/[^/]+)\/\d+$/.exec(packageArn)?.[1];
}
