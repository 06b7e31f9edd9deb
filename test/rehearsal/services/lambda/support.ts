import { createTestCloud } from '../../support/harness';
import type { TestCloud } from '../../support/harness';
import { bundleHandler } from '../../support/bundle';
import { ResourceMaker } from '../../support/resources';
import type { Lambda } from '../../../../rehearsal/services/lambda';
import { createLambda, lambdaResources } from '../../../../rehearsal/services/lambda';
import { iamResources } from '../../../../rehearsal/services/iam/resources';
import type { Caller, Members, PolicyStatement } from '../../../../rehearsal/cloud/types';
import { createSqs, sqsResources } from '../../../../rehearsal/services/sqs';

export const world: Caller = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/ann' };
export const basicExecution = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const trust = { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } } };

export interface LambdaBench extends TestCloud {
  resources: ResourceMaker;
  lambda: Lambda;
  lines: string[];
  deploy(
    logicalId: string,
    source: string,
    options?: { properties?: Members; statements?: PolicyStatement[] },
  ): Promise<{ arn: string; roleArn: string }>;
  invoke(name: string, event: unknown, further?: Members): Promise<{ result: unknown; error: string | undefined }>;
}

/** A cloud with Lambda, SQS and a `cloudwatch` that only keeps lines. */
export function createBench(seed = 1): LambdaBench {
  const lines: string[] = [];
  const logs = { service: 'cloudwatch', operations: {}, ingestLogLine: (line: string) => lines.push(line) };
  const test = createTestCloud((cloud) => [createLambda(cloud), createSqs(cloud), logs], { seed });
  const resources = new ResourceMaker(test.cloud, [...lambdaResources, ...iamResources, ...sqsResources]);
  return {
    ...test,
    resources,
    lines,
    lambda: test.cloud.double<Lambda>('lambda'),
    deploy: async (logicalId, source, options = {}) => {
      const role = await resources.create('AWS::IAM::Role', `${logicalId}Role`, {
        AssumeRolePolicyDocument: trust,
        ManagedPolicyArns: [basicExecution],
        ...(options.statements === undefined
          ? {}
          : { Policies: [{ PolicyName: 'inline', PolicyDocument: { Statement: options.statements } }] }),
      });
      const roleArn = role.attributes['Arn'] as string;
      const created = await resources.create('AWS::Lambda::Function', logicalId, {
        FunctionName: logicalId,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: resources.asset(bundleHandler(source)),
        Role: roleArn,
        ...options.properties,
      });
      return { arn: created.attributes['Arn'] as string, roleArn };
    },
    invoke: async (name, event, further = {}) => {
      const payload = new TextEncoder().encode(JSON.stringify(event));
      const answer = await test.run(() => test.cloud.call('lambda', 'Invoke', { FunctionName: name, Payload: payload, ...further }, world));
      const text = answer['Payload'] === undefined ? 'null' : new TextDecoder().decode(answer['Payload'] as Uint8Array);
      return { result: JSON.parse(text) as unknown, error: answer['FunctionError'] as string | undefined };
    },
  };
}
