import { differential } from './engine/differential';
import { objects } from './s3/areas';

differential('s3', [objects]);
