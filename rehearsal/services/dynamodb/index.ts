import type { ResourceType } from '../../cloud/types';
import { tableResources } from './table-resource';

export { createDynamoDb, DynamoDb } from './dynamodb';
export type { Table, WriteListener } from './table';
export type { StreamEntry, StreamRecord, StreamShard, TableStream } from './streams';
export type { AttributeValue, Item } from './values';

export const dynamodbResources: ResourceType[] = tableResources;
