import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({});
const dynamodb = new DynamoDBClient({});

/** Enters a thumbnail into the catalogue. Events come twice, and late: the sequencer of S3 says which one is newer. */
export async function handler(event) {
  const { bucket, object } = event.detail;
  const { Metadata, ContentLength } = await s3.send(new HeadObjectCommand({ Bucket: bucket.name, Key: object.key }));
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: process.env.TABLE,
        Key: { image: { S: Metadata.original } },
        UpdateExpression:
          'SET thumbnail = :thumbnail, width = :width, height = :height, bytes = :bytes, sequencer = :sequencer ADD entries :one',
        ConditionExpression: 'attribute_not_exists(sequencer) OR sequencer < :sequencer',
        ExpressionAttributeValues: {
          ':thumbnail': { S: object.key },
          ':width': { N: Metadata.width },
          ':height': { N: Metadata.height },
          ':bytes': { N: String(ContentLength) },
          ':sequencer': { S: object.sequencer },
          ':one': { N: '1' },
        },
      }),
    );
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') throw error;
  }
}
