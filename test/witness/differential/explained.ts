import type { Explanation } from './engine/explanation';
import { explainedOfDynamoDb } from './explained/dynamodb';
import { explainedOfMachines } from './explained/machines';
import { explainedOfS3 } from './explained/s3';

/** Every difference that stays. One that no longer occurs fails the tests: then it goes from here. */
export const explained: readonly Explanation[] = [...explainedOfDynamoDb, ...explainedOfS3, ...explainedOfMachines];
