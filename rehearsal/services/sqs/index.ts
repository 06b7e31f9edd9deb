export { createSqs, Sqs } from './sqs';
export type { Message, Queue, QueueCounts } from './queue';
export { sqsResources } from './resources';
