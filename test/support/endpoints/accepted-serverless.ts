import { ModelSource, Serving, type ServerlessServingProps } from '../../../lib';
import type { Accepted } from './accepted';
import { model } from './parts';

const row = (name: string, rest: Partial<ServerlessServingProps>): Accepted => ({
  name: `serverless: ${name}`,
  props: (_stack, tag) => ({ serving: Serving.serverless({ model: model(tag), memoryMib: 2048, ...rest }) }),
});

/** No instances. */
export const serverless: Accepted[] = [
  ...[1024, 2048, 3072, 4096, 5120, 6144].map((memoryMib) => row(`${memoryMib} MiB`, { memoryMib })),
  row('one request at a time', { maxConcurrency: 1 }),
  row('as many requests as can be', { maxConcurrency: 200 }),
  row('containers that are kept warm', { maxConcurrency: 10, provisionedConcurrency: 10 }),
  row('a name and an environment', { name: 'small', environment: { LOG_LEVEL: 'INFO' } }),
  {
    name: 'serverless: a prefix in S3',
    props: (_stack, tag) => ({
      serving: Serving.serverless({
        model: ModelSource.container({
          image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/triage:${tag}`,
          artefact: 's3://models-123456789012/triage/',
        }),
        memoryMib: 3072,
      }),
    }),
  },
];
