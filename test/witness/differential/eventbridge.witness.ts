import { differential } from './engine/differential';
import { matching } from './patterns/areas';

differential('eventbridge', [matching]);
