import { differential } from './engine/differential';
import { running, prepareMachines } from './machines/areas';

differential('sfn', [running], prepareMachines);
