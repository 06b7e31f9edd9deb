import type { ResourceType } from '../../cloud/types';
import { tableResource } from './table-resource';

export { createDynamoDb, DynamoDb } from './dynamodb';
export type { Table, WriteListener } from './table';
export type { AttributeValue, Item } from './values';

export const dynamodbResources: ResourceType[] = [tableResource];
