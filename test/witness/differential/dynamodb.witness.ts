import { batching, transacting } from './dynamodb/many';
import { querying, scanning } from './dynamodb/reads';
import { createTables } from './dynamodb/tables';
import { projecting, writing } from './dynamodb/writes';
import { differential } from './engine/differential';

differential('dynamodb', [writing, projecting, querying, scanning, transacting, batching], createTables);
