import { operationSchema } from '../../../../rehearsal/kernel/service-registry';
import { answerProblem, validateMembers } from '../../../../rehearsal/kernel/wire/validate';

const inputOf = (service: string, operation: string) => operationSchema(service, operation).input;

describe('validateMembers', () => {
  it('refuses a request without a required member, also deep inside', () => {
    expect(() => validateMembers(inputOf('sagemaker', 'DescribeEndpoint'), {})).toThrow(
      expect.objectContaining({
        code: 'ValidationException',
        message: "1 validation error detected: Value null at 'endpointName' failed to satisfy constraint: Member must not be null",
      }),
    );
    const config = { EndpointConfigName: 'c', ProductionVariants: [{ ModelName: 'm' }] };
    expect(() => validateMembers(inputOf('sagemaker', 'CreateEndpointConfig'), config)).toThrow(
      /Value null at 'productionVariants\.1\.member\.variantName' failed/,
    );
    expect(() => validateMembers(inputOf('sqs', 'SendMessage'), { QueueUrl: 'q' }, 'sqs')).toThrow(
      expect.objectContaining({ code: 'MissingParameter' }),
    );
  });

  it('leaves idempotency tokens to the client', () => {
    expect(() => validateMembers(inputOf('scheduler', 'DeleteSchedule'), { Name: 's' })).not.toThrow();
  });

  it('refuses members of another type and members that do not exist', () => {
    const refused = (input: Record<string, unknown>) => () =>
      validateMembers(inputOf('dynamodb', 'UpdateItem'), { TableName: 't', Key: {}, ...input });
    expect(refused({ TableName: 5 })).toThrow(
      expect.objectContaining({ code: 'SerializationException', message: 'TableName: 5 (number) given, a string expected.' }),
    );
    expect(refused({ Tablename: 't' })).toThrow(/Tablename: UpdateItemInput has no such member; it has TableName, Key/);
    expect(refused({ Key: { pk: { S: 'a', N: '1' } } })).toThrow(/Key\.pk: AttributeValue is a union: exactly one member, 2 given/);
    expect(refused({ ExpressionAttributeNames: ['a'] })).toThrow(/a list given, a map expected/);
  });

  it('names what is wrong with an answer', () => {
    const output = operationSchema('sfn', 'StartExecution').output;
    expect(answerProblem(output, { executionArn: 'a', startDate: new Date() })).toBeUndefined();
    expect(answerProblem(output, { executionArn: 'a', startDate: 5 })).toBe('startDate: 5 (number) given, a Date expected.');
    expect(answerProblem(output, { executionArn: 'a' })).toBe('startDate is required and missing');
  });
});
