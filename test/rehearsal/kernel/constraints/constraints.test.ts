import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Members } from '../../../../rehearsal/cloud/types';
import { checkConstraints, constraintExtract, constraintProblems } from '../../../../rehearsal/kernel/constraints';
import type { ConstraintExtract } from '../../../../rehearsal/kernel/constraints/extract';
import { hasServiceModel, knownServices, operationSchema } from '../../../../rehearsal/kernel/service-registry';
import { createDoubles } from '../../../../rehearsal/services';
import { createTestCloud } from '../../support/harness';

const doubles = () => {
  let found: ReturnType<typeof createDoubles> = [];
  createTestCloud((cloud) => (found = createDoubles(cloud)));
  return found;
};

/** The models may be newer than the SDK that is installed. */
const notYetInTheSdk = [
  'CreateEndpointConfig.CrossRegionTrafficConfig',
  'CreatePipeline.PipelineVersionAliases',
  'DescribePipeline.PipelineVersionAlias',
  'ListPipelineExecutions.PipelineVersionAlias',
  'ListPipelines.ManagedBy',
  'StartPipelineExecution.PipelineVersionAlias',
  'StartPipelineExecution.RoleArn',
  'UpdatePipeline.PipelineVersionAliases',
];

const refused = (service: string, operation: string, input: Members) => () => checkConstraints(service, operation, input);
const problem = (code: string, message: string) => expect.objectContaining({ code, message });
const one = (text: string) => `1 validation error detected: ${text}`;

describe('the extract', () => {
  it('holds every operation that a double simulates, and no other', () => {
    for (const { service, operations } of doubles().filter((double) => hasServiceModel(double.service))) {
      expect({ service, operations: Object.keys(constraintExtract(service)?.operations ?? {}) }).toEqual({
        service,
        operations: Object.keys(operations).sort(),
      });
    }
  });

  it('is loaded for every file of the folder', () => {
    const folder = path.join(__dirname, '../../../../rehearsal/kernel/constraints');
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.filter((name) => constraintExtract(name.slice(0, -'.json'.length)) === undefined)).toEqual([]);
    expect(files.length).toBeGreaterThan(10);
  });

  it('names shapes that it holds, and patterns that compile', () => {
    for (const service of knownServices()) {
      for (const shape of Object.values(constraintExtract(service)?.shapes ?? {})) {
        const named = [...Object.values(shape.members ?? {}), shape.list ?? '', ...(shape.map ?? [])].filter((name) => name !== '');
        for (const name of named) expect(constraintExtract(service)?.shapes).toHaveProperty([name]);
        expect(() => new RegExp(shape.js?.source ?? shape.pattern ?? '', shape.js?.flags)).not.toThrow();
      }
    }
  });

  it('names members as the SDK does', () => {
    const unknown: string[] = [];
    for (const service of knownServices()) {
      const extract = constraintExtract(service);
      for (const [operation, shape] of Object.entries(extract?.operations ?? {})) {
        if (shape === '') continue;
        const known = operationSchema(service, operation).input.getMemberSchemas();
        const members = Object.keys(extract?.shapes[shape]?.members ?? {});
        unknown.push(...members.filter((member) => !Object.hasOwn(known, member)).map((member) => `${operation}.${member}`));
      }
    }
    expect(unknown.sort()).toEqual(notYetInTheSdk);
  });

  it('is heeded: a number changed in it changes the answer', () => {
    const whole = constraintExtract('eventbridge')!;
    const Entries = Array.from({ length: 3 }, () => ({ Source: 's', DetailType: 't', Detail: '{}' }));
    expect(constraintProblems(whole, 'PutEvents', { Entries })).toEqual([]);
    const broken: ConstraintExtract = { ...whole, shapes: { ...whole.shapes, PutEventsRequestEntryList: { length: [1, 2], list: '' } } };
    expect(constraintProblems(broken, 'PutEvents', { Entries })).toEqual([
      "Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 2",
    ]);
    const lacking: ConstraintExtract = { operations: { PutEvents: 'PutEventsRequest' }, shapes: {} };
    expect(() => constraintProblems(lacking, 'PutEvents', {})).toThrow(/names the shape "PutEventsRequest" and does not hold it/);
  });
});

describe('checkConstraints', () => {
  it('lets through what AWS allows, at the edge as well', () => {
    expect(refused('sagemaker', 'DescribeEndpoint', { EndpointName: 'a'.repeat(63) })).not.toThrow();
    expect(refused('sagemaker-runtime', 'InvokeEndpoint', { EndpointName: 'e', Body: new Uint8Array(6_291_456) })).not.toThrow();
    expect(refused('dynamodb', 'Query', { TableName: 't', Limit: 1, Select: 'COUNT' })).not.toThrow();
    expect(refused('scheduler', 'GetSchedule', { Name: 'a_b.c-d' })).not.toThrow();
    expect(refused('sqs', 'ReceiveMessage', { QueueUrl: '' })).not.toThrow();
  });

  it('refuses a pattern, read against the whole text', () => {
    expect(refused('sagemaker', 'DescribeEndpoint', { EndpointName: 'under_score' })).toThrow(
      problem(
        'ValidationException',
        one(
          "Value 'under_score' at 'endpointName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
        ),
      ),
    );
  });

  it('refuses a pattern that Java writes otherwise', () => {
    expect(refused('sagemaker-runtime', 'InvokeEndpoint', { EndpointName: 'e', InferenceId: 'a~' })).not.toThrow();
    expect(refused('sagemaker-runtime', 'InvokeEndpoint', { EndpointName: 'e', InferenceId: 'aä' })).toThrow(
      problem(
        'ValidationError',
        one(
          "Value 'aä' at 'inferenceId' failed to satisfy constraint: Member must satisfy regular expression pattern: \\A\\S[\\p{Print}]*\\z",
        ),
      ),
    );
  });

  it('refuses lengths of strings, lists, maps and bytes', () => {
    const length = (text: string) => `failed to satisfy constraint: Member must have length ${text}`;
    expect(refused('secrets-manager', 'GetSecretValue', { SecretId: '' })).toThrow(
      one(`Value '' at 'secretId' ${length('greater than or equal to 1')}`),
    );
    expect(refused('ssm', 'GetParameter', { Name: '' })).toThrow(/at 'name' failed to satisfy constraint: Member must have length greater/);
    expect(refused('eventbridge', 'PutEvents', { Entries: [] })).toThrow(
      one(`Value '[]' at 'entries' ${length('greater than or equal to 1')}`),
    );
    expect(refused('dynamodb', 'BatchGetItem', { RequestItems: {} })).toThrow(
      one(`Value '{}' at 'requestItems' ${length('greater than or equal to 1')}`),
    );
    expect(refused('sagemaker-runtime', 'InvokeEndpoint', { EndpointName: 'e', Body: new Uint8Array(6_291_457) })).toThrow(
      problem('ValidationError', one(`Value at 'body' ${length('less than or equal to 6291456')}`)),
    );
  });

  it('counts characters, not code units', () => {
    const extract: ConstraintExtract = {
      operations: { Say: 'Input' },
      shapes: { Input: { members: { Text: 'Text' } }, Text: { length: [null, 2] } },
    };
    expect(constraintProblems(extract, 'Say', { Text: '😀😀' })).toEqual([]);
    expect(constraintProblems(extract, 'Say', { Text: '😀😀😀' })).toHaveLength(1);
  });

  it('refuses numbers out of range', () => {
    expect(refused('dynamodb', 'Query', { TableName: 't', Limit: 0 })).toThrow(
      one("Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    );
    expect(refused('dynamodb', 'Scan', { TableName: 't', TotalSegments: 1_000_001, Segment: 0 })).toThrow(
      one("Value '1000001' at 'totalSegments' failed to satisfy constraint: Member must have value less than or equal to 1000000"),
    );
  });

  it('refuses what no enum holds, also in lists, and names where', () => {
    expect(refused('dynamodb', 'GetItem', { TableName: 't', Key: {}, ReturnConsumedCapacity: 'ALL' })).toThrow(
      one(
        "Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
      ),
    );
    const TransactItems = [{ Delete: { TableName: 't' } }, { Put: { TableName: 't', ReturnValuesOnConditionCheckFailure: 'NEW' } }];
    expect(refused('dynamodb', 'TransactWriteItems', { TransactItems })).toThrow(
      /Value 'NEW' at 'transactItems\.2\.member\.put\.returnValuesOnConditionCheckFailure' failed/,
    );
    expect(refused('cloudwatch', 'DescribeAlarms', { AlarmTypes: ['Metric'] })).toThrow(
      problem(
        'ValidationError',
        one(
          "Value '[Metric]' at 'alarmTypes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [CompositeAlarm, MetricAlarm, LogAlarm]]",
        ),
      ),
    );
  });

  it('refuses keys and values of maps', () => {
    const extract: ConstraintExtract = {
      operations: { Set: 'Input' },
      shapes: {
        Input: { members: { Tags: 'Tags' } },
        Tags: { map: ['Key', 'Value'] },
        Key: { length: [1, 3] },
        Value: { pattern: '[a-z]*' },
      },
    };
    expect(constraintProblems(extract, 'Set', { Tags: { abc: 'x' } })).toEqual([]);
    expect(constraintProblems(extract, 'Set', { Tags: { abcd: 'X' } })).toEqual([
      "Value '{abcd=X}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 3, Member must have length greater than or equal to 1]",
      "Value '{abcd=X}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must satisfy regular expression pattern: [a-z]*]",
    ]);
    expect(refused('dynamodb', 'BatchGetItem', { RequestItems: { t: { Keys: [] } } })).toThrow(
      /Value '\[\]' at 'requestItems\.t\.member\.keys' failed/,
    );
  });

  it('names several problems at once, ten at most, and quotes no secret', () => {
    expect(refused('dynamodb', 'Query', { TableName: '', Limit: 0 })).toThrow(
      /^2 validation errors detected: .*'tableName'.*; Value '0' at 'limit'/,
    );
    const TransactItems = Array.from({ length: 12 }, () => ({ Get: { TableName: '' } }));
    expect(refused('dynamodb', 'TransactGetItems', { TransactItems })).toThrow(/^10 validation errors detected: /);
    expect(refused('sfn', 'SendTaskFailure', { taskToken: 't', error: 'e'.repeat(257) })).toThrow(
      one("Value at 'error' failed to satisfy constraint: Member must have length less than or equal to 256"),
    );
  });

  it('finds shapes that hold themselves', () => {
    const extract: ConstraintExtract = {
      operations: { Nest: 'Node' },
      shapes: { Node: { members: { Name: 'Name', Next: 'Node' } }, Name: { enum: ['a'] } },
    };
    expect(constraintProblems(extract, 'Nest', { Name: 'a', Next: { Next: { Name: 'b' } } })).toEqual([
      "Value 'b' at 'next.next.name' failed to satisfy constraint: Member must satisfy enum value set: [a]",
    ]);
  });

  it('words S3’s refusals as S3 does', () => {
    expect(refused('s3', 'PutObject', { Bucket: 'b', Key: 'k', StorageClass: 'COLD' })).toThrow(
      problem('InvalidStorageClass', 'The storage class you specified is not valid'),
    );
    expect(refused('s3', 'PutObject', { Bucket: 'b', Key: 'k', ObjectLockMode: 'SOFT' })).toThrow(
      expect.objectContaining({ code: 'InvalidArgument' }),
    );
    expect(refused('s3', 'PutObjectRetention', { Bucket: 'b', Key: 'k', Retention: { Mode: 'SOFT' } })).toThrow(
      expect.objectContaining({ code: 'MalformedXML' }),
    );
  });
});
