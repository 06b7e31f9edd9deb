import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const USE_CASE_NAME = /^[a-z][a-z0-9-]{2,31}$/;

/** Refuses a name that SageMaker, IAM or CloudWatch would refuse later. */
export function checkUseCaseName(name: string): string {
  if (!USE_CASE_NAME.test(name)) {
    throw new Error(`useCaseName is '${name}': it must be 3 to 32 of a-z, 0-9 and -, starting with a letter, such as support-triage.`);
  }
  return name;
}

/**
 * What names of everything made at run time, and of alarms, begin with. The hash keeps two stacks of one use case apart;
 * at most 39 characters, so that a release id and a suffix still fit into SageMaker's 63.
 */
export function resourcePrefixOf(scope: Construct, useCaseName: string): string {
  const { stackName } = Stack.of(scope);
  const place = Token.isUnresolved(stackName) ? scope.node.addr : `${stackName}/${useCaseName}`;
  return `${useCaseName}-${createHash('sha256').update(place).digest('hex').slice(0, 6)}`;
}
