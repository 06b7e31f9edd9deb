import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const OUTPUTS = 'sluice:outputs';

/** The first use case of a stack has the plain names; a second one would collide and keeps its path in them. */
export function createOutputs(scope: Construct, useCaseName: string, outputs: Record<string, string | undefined>): void {
  const stack = Stack.of(scope);
  const first = !stack.node.metadata.some(({ type }) => type === OUTPUTS);
  stack.node.addMetadata(OUTPUTS, useCaseName);
  for (const [name, value] of Object.entries(outputs)) {
    if (value === undefined) continue;
    const output = new CfnOutput(scope, name, { value });
    if (first) output.overrideLogicalId(name);
  }
}
