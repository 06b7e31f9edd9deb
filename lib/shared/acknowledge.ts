import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts findings of a policy pack: the reason lands in the validation report. */
export function acknowledge(scope: IConstruct, reason: string, ...rules: string[]): void {
  Validations.of(scope).acknowledge(...rules.map((id) => ({ id, reason })));
}

/** Accepts a wildcard in the resources of a role's policies. */
export function acknowledgeResources(scope: IConstruct, reason: string, ...arns: string[]): void {
  acknowledge(scope, reason, ...arns.map((arn) => `AwsSolutions-IAM5[Resource::${flatten(Stack.of(scope).resolve(arn))}]`));
}

/** How policy packs write an ARN with references in it: `arn:<AWS::Partition>:…`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as Record<string, unknown>);
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flatten).join((argument as [string])[0]);
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  return `<${String(argument)}>`;
}
