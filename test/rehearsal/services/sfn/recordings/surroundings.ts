import type { Caller } from '../../../../../rehearsal/cloud/types';
import type { LaptopCloud } from '../../../../../rehearsal/kernel/cloud';
import type { DynamoDb } from '../../../../../rehearsal/services/dynamodb';
import type { S3 } from '../../../../../rehearsal/services/s3';
import type { Sns } from '../../../../../rehearsal/services/sns';
import type { Sqs } from '../../../../../rehearsal/services/sqs';
import { mapTexts, type Recording } from './recording';

const STATEMENTS = [
  { verdict: 'true', statement_date: '6/11/2008', statement_source: 'speech' },
  { verdict: 'false', statement_date: '6/7/2022', statement_source: 'television' },
  { verdict: 'mostly-true', statement_date: '5/18/2016', statement_source: 'news' },
  { verdict: 'false', statement_date: '5/18/2024', statement_source: 'x' },
];
const ROWS = ['Value4,Value5,Value6', ',,,', "true,1,'HelloWorld'", 'Null,None,', '   ,', ''];

/** Objects that the recorded executions read, by a part of the recording's id: the recordings hold what came of them. */
const OBJECTS: [idPart: string, objects: Record<string, string>][] = [
  ['csv_headers_first_row', { 'file.csv': ['0,True,{}', ...ROWS].join('\n') }],
  ['csv_headers_decl', { 'file.csv': ['Value1,Value2,Value3', ...ROWS].join('\n') }],
  ['csv_max_items', { 'file.csv': 'Col1,Col2\nValue1,Value2\nValue3,Value4\nValue5,Value6\nValue7,Value8' }],
  ['base_json_max_items_jsonata', { 'file.json': JSON.stringify(STATEMENTS) }],
  ['base_json_max_items', { 'file.json': JSON.stringify(Array(3).fill(STATEMENTS[0])) }],
  ['base_json_with_items_path', { 'file.json': JSON.stringify([['from-bucket-item-0']]) }],
  ['TestBaseScenarios::test_map_item_reader_base_json', { 'file.json': JSON.stringify(STATEMENTS.slice(0, 3)) }],
  ['json_no_json_list', { 'file.json': JSON.stringify(STATEMENTS[0]) }],
  ['list_objects_v2', Object.fromEntries([0, 1, 2].map((index) => [`file_${index}.txt`, `HelloWorld!${index}`]))],
  ['s3_get_object[str]', { file_key: 'text data' }],
  ['s3_get_object[empty', { file_key: '' }],
  ['', { 'file.json': JSON.stringify(STATEMENTS) }],
];

/** What a recording calls the things that were made for it. */
const QUEUE = /^(sqs_create_queue|sqs_queue_url)$/;
const BUCKET = 'bucket-name';
const BUCKETS = /^(s3_create_bucket|bucket_name)$/;
const TABLE = 'sfn_test_table_00000000';

export interface Surroundings {
  queueUrl: string;
  queueArn: string;
  /** Puts the names of what was made here in place of those of the recording. */
  named(value: unknown): unknown;
}

/** Makes the queue, topic, bucket, objects and table that the recorded execution found. */
export async function surround(recording: Recording, cloud: LaptopCloud, someone: Caller, activityArn: string): Promise<Surroundings> {
  const queue = cloud.double<Sqs>('sqs').createQueue('queue', {
    visibilityTimeoutSeconds: 3600,
    delaySeconds: 0,
    retentionSeconds: 345_600,
    waitSeconds: 0,
    maximumMessageBytes: 262_144,
  });
  const sns = cloud.double<Sns>('sns');
  const topicArn = sns.createTopic('topic', '').arn;
  if (recording.id.includes('error_topic_arn')) sns.deleteTopic(topicArn);
  const s3 = cloud.double<S3>('s3');
  for (const name of [BUCKET, 'result-bucket'])
    s3.createBucket(name, { versioning: undefined, objectLock: false, eventBridge: false, tags: [] });
  const [, objects] = OBJECTS.find(([part]) => recording.id.includes(part)) ?? ['', {}];
  for (const [Key, text] of Object.entries(objects))
    await cloud.clock.complete(
      cloud.call('s3', 'PutObject', { Bucket: BUCKET, Key, Body: Buffer.from(text), ContentType: 'binary/octet-stream' }, someone),
    );
  cloud.double<DynamoDb>('dynamodb').createTable({
    name: TABLE,
    arn: cloud.arn('dynamodb', `table/${TABLE}`),
    id: 'table',
    schema: { partition: { name: 'id', type: 'S' } },
    createdAtMillis: cloud.clock.now(),
  });
  const renamed = (text: string): string => {
    if (QUEUE.test(text)) return queue.url;
    if (BUCKETS.test(text)) return BUCKET;
    return { TopicArn: topicArn, activityArn }[text] ?? text;
  };
  return { queueUrl: queue.url, queueArn: queue.arn, named: (value) => mapTexts(value, renamed) };
}
