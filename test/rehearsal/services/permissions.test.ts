import type { NormalizedSchema } from '@smithy/core/schema';
import type { Members, Permission, ServiceDouble } from '../../../rehearsal/cloud/types';
import type { LaptopCloud } from '../../../rehearsal/kernel/cloud';
import { askedActions } from '../../../rehearsal/kernel/iam/asked-actions';
import { operationSchema } from '../../../rehearsal/kernel/service-registry';
import { createDoubles } from '../../../rehearsal/services';
import { createTestCloud } from '../support/harness';

const account = '123456789012';
const arn = (service: string, resource: string): string => `arn:aws:${service}:eu-west-1:${account}:${resource}`;

/** Members that name a resource, as requests name it. */
const samples: Record<string, unknown> = {
  QueueUrl: `https://sqs.eu-west-1.amazonaws.com/${account}/q`,
  TopicArn: arn('sns', 'topic'),
  CopySource: 'bucket/key',
  SecretId: arn('secretsmanager', 'secret:s-AbCdEf'),
  ModelPackageName: arn('sagemaker', 'model-package/g/1'),
  ResourceArn: arn('sagemaker', 'endpoint/e'),
  RoleArn: `arn:aws:iam::${account}:role/r`,
  ExecutionRoleArn: `arn:aws:iam::${account}:role/r`,
  stateMachineArn: arn('states', 'stateMachine:m'),
  executionArn: arn('states', 'execution:m:e'),
};

/** A request with every member that the operation knows. */
function sample(schema: NormalizedSchema, name = '', depth = 0): unknown {
  if (name in samples) return samples[name];
  if (schema.isStringSchema()) return 'x';
  if (schema.isNumericSchema()) return 1;
  if (schema.isBooleanSchema()) return true;
  if (schema.isTimestampSchema()) return new Date(0);
  if (schema.isBlobSchema()) return new Uint8Array(1);
  if (schema.isListSchema()) return depth > 6 ? [] : [sample(schema.getValueSchema(), name, depth + 1)];
  if (schema.isMapSchema()) return depth > 6 ? {} : { x: sample(schema.getValueSchema(), name, depth + 1) };
  if (!schema.isStructSchema()) return 'x';
  const members: Members = {};
  if (depth <= 6) for (const [member, inner] of schema.structIterator()) members[member] = sample(inner, member, depth + 1);
  return members;
}

/** A transaction's entry asks for one thing: not for all at once. */
const oneOfEach: Record<string, Members> = {
  TransactWriteItems: {
    TransactItems: ['Put', 'Update', 'Delete', 'ConditionCheck'].map((kind) => ({
      [kind]: { TableName: 'x', Key: {}, Item: {}, UpdateExpression: 'x', ConditionExpression: 'x' },
    })),
  },
};

/** AWS asks about the execution that the token belongs to: none here. `states` doubles' own tests look at tokens. */
const byToken = ['sfn SendTaskSuccess', 'sfn SendTaskFailure', 'sfn SendTaskHeartbeat'];

interface Asked {
  operation: string;
  permissions: Permission[];
}

function everyOperation(): { doubles: ServiceDouble[]; asked: Asked[] } {
  let doubles: ServiceDouble[] = [];
  let cloud: LaptopCloud | undefined;
  createTestCloud((made) => {
    cloud = made;
    return (doubles = createDoubles(made));
  });
  const asked = doubles.flatMap((double) =>
    Object.entries(double.operations).map(([name, operation]) => {
      const input = oneOfEach[name] ?? (sample(operationSchema(double.service, name).input) as Members);
      return { operation: `${double.service} ${name}`, permissions: operation.permissions(input, cloud!) };
    }),
  );
  return { doubles, asked };
}

describe('every operation of every service', () => {
  const { doubles, asked } = everyOperation();

  it('asks IAM for at least one action', () => {
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter(({ permissions }) => permissions.length === 0).map(({ operation }) => operation)).toEqual(byToken);
  });

  it.each(asked.filter(({ operation }) => !byToken.includes(operation)))('$operation', ({ permissions }) => {
    const known = askedActions(doubles);
    for (const { action, resource } of permissions) {
      expect(action).toMatch(/^[a-z0-9-]+:[A-Z]\w+$/);
      expect(resource).toMatch(/^(\*|x|arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d*:.+)$/);
      // Else the report would call its grants never judged.
      expect(known).toContain(action);
    }
  });
});
