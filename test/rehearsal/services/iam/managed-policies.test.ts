import { checkPolicy, evaluate, statementsOf } from '../../../../rehearsal/kernel/iam/policy';
import { RequestContext } from '../../../../rehearsal/kernel/iam/request-context';
import { awsManagedPolicies } from '../../../../rehearsal/services/iam/managed-policies';

const surroundings = { accountId: '123456789012', region: 'eu-west-1', nowMillis: () => 0, resourceTags: new Map() };
const says = (name: string, action: string, resource = '*'): string =>
  evaluate(awsManagedPolicies[name]!, { action, resource, context: new RequestContext(surroundings, resource) });

it.each(Object.entries(awsManagedPolicies))('%s can be judged', (name, document) => {
  expect(() => checkPolicy(document, name)).not.toThrow();
  expect(statementsOf(document).length).toBeGreaterThan(0);
});

it.each([
  ['service-role/AWSLambdaDynamoDBExecutionRole', 'dynamodb:GetRecords', 'allow'],
  ['service-role/AWSLambdaDynamoDBExecutionRole', 'dynamodb:PutItem', 'none'],
  ['AmazonS3ReadOnlyAccess', 's3:GetObject', 'allow'],
  ['AmazonS3ReadOnlyAccess', 's3:PutObject', 'none'],
  ['AmazonDynamoDBReadOnlyAccess', 'dynamodb:Query', 'allow'],
  ['AmazonDynamoDBReadOnlyAccess', 'dynamodb:UpdateItem', 'none'],
  ['PowerUserAccess', 'sqs:SendMessage', 'allow'],
  ['PowerUserAccess', 'iam:PassRole', 'none'],
  ['AdministratorAccess', 'iam:PassRole', 'allow'],
])('%s, asked for %s: %s', (name, action, decision) => {
  expect(says(name, action)).toBe(decision);
});

it('lets AWSLambdaExecute at objects alone', () => {
  expect(says('AWSLambdaExecute', 's3:PutObject', 'arn:aws:s3:::b/k')).toBe('allow');
  expect(says('AWSLambdaExecute', 's3:DeleteObject', 'arn:aws:s3:::b/k')).toBe('none');
});
