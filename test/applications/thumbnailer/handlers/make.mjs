import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { halve, readPgm, writePgm } from './pgm.mjs';

const s3 = new S3Client({});

/** For each upload a thumbnail under the same name. What fails comes again; three times, and it goes to the poison queue. */
export async function handler(event) {
  const batchItemFailures = [];
  for (const { messageId, body } of event.Records) {
    try {
      for (const record of JSON.parse(body).Records ?? []) await makeThumbnail(record.s3);
    } catch (error) {
      console.error(JSON.stringify({ message: 'no thumbnail', messageId, error: error.name, cause: error.message }));
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function makeThumbnail({ bucket, object }) {
  const key = decodeURIComponent(object.key.replaceAll('+', ' '));
  const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
  const image = readPgm(await Body.transformToString());
  const thumbnail = halve(image);
  await s3.send(
    new PutObjectCommand({
      Bucket: process.env.THUMBNAILS,
      Key: key.replace(/^in\//, 'thumbs/'),
      Body: writePgm(thumbnail),
      ContentType: 'image/x-portable-graymap',
      Metadata: { original: key, etag: ETag.replaceAll('"', ''), width: String(image.width), height: String(image.height) },
    }),
  );
}
