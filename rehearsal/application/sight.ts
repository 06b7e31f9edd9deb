import type { Laptop } from '../world/laptop';
import type { ExecutionFacts } from './executions';
import type { SentInput } from './inputs';
import type { Places } from './places';
import type { ApplicationScenario } from './scenario-schema';
import type { Watch } from './watch';
import type { TimelineEntry } from '../world/timeline';

/** All that expectations and checks look at: the cloud as it stands at the end, and what was seen since the start. */
export interface Sight {
  laptop: Laptop;
  places: Places;
  watch: Watch;
  scenario: ApplicationScenario;
  startMillis: number;
  executions: ExecutionFacts[];
  sent: readonly SentInput[];
  timeline: TimelineEntry[];
  denied: Denial[];
}

/** A call that IAM denied. */
export interface Denial {
  role: string;
  /** Of the stacks' roles. */
  rolePath?: string;
  action: string;
  resource: string;
  atMillis: number;
}
