import type { IamReport } from '../cloud/types';
import type { Laptop } from '../world/laptop';
import type { ExecutionFacts } from './executions';
import type { SentInput } from './inputs';
import type { Naming } from './naming';
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
  /** Roles by their construct paths. */
  denied: IamReport['denied'];
  naming: Naming;
  /** Why time did not run on until nothing was under way. */
  breaksOff: string | undefined;
}
