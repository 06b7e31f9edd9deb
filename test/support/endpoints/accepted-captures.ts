import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Serving, type DataCapture } from '../../../lib';
import type { Accepted } from './accepted';
import { realTime, variant } from './parts';

const row = (name: string, capture: DataCapture): Accepted => ({ name, props: (_stack, tag) => realTime(tag, {}, { capture }) });

/** What is kept of requests and answers. */
export const captures: Accepted[] = [
  row('everything is captured', {}),
  row('nothing is sampled', { samplingPercent: 0 }),
  row('a tenth is sampled, for a day', { samplingPercent: 10, retentionDays: 1 }),
  row('answers alone are captured', { requests: false }),
  row('requests alone are captured', { answers: false, folder: 'inputs' }),
  row('ten content types are JSON, none is CSV', {
    jsonContentTypes: Array.from({ length: 10 }, (_, index) => `application/vnd.v${index}`),
    csvContentTypes: [],
  }),
  row('no content type is declared', { jsonContentTypes: [], csvContentTypes: [] }),
  {
    name: 'captures under a key',
    props: (stack, tag) => realTime(tag, {}, { capture: { encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) } }),
  },
  {
    name: 'captures in an existing bucket',
    props: (stack, tag) => realTime(tag, {}, { capture: { bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'captures-123456789012') } }),
  },
  {
    name: 'captures beside a shadow',
    props: (_stack, tag) => ({
      serving: Serving.realTime({ variants: [variant(tag)], shadow: variant(tag, { name: 'shadow' }) }),
      capture: { requests: false },
    }),
  },
];
