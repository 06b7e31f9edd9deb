import { differential } from './engine/differential';
import { running, skipWaits } from './machines/areas';

differential('sfn', [running], skipWaits);
