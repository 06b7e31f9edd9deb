import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const sns = new SNSClient({});

/** Tells the topic of each image that is new. The stream keeps the order of one image: from the first failure on, all come again. */
export async function handler(event) {
  for (const record of event.Records) {
    try {
      if (record.eventName === 'INSERT') await announce(record.dynamodb.NewImage);
    } catch (error) {
      console.error(JSON.stringify({ message: 'not announced', error: error.name, cause: error.message }));
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}

const announce = (image) =>
  sns.send(
    new PublishCommand({
      TopicArn: process.env.TOPIC_ARN,
      Subject: 'New image',
      Message: JSON.stringify({
        image: image.image.S,
        thumbnail: image.thumbnail.S,
        width: Number(image.width.N),
        height: Number(image.height.N),
      }),
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'image' } },
    }),
  );
