import type { Batch } from '../../core/gates/batches';
import type { Driver } from '../../core/gates/load-plan';

/** Which gate of which release, in which execution. */
export interface About {
  releaseId: string;
  /** Place in the release's gates. */
  index: number;
  /** Parts of another execution are never mixed in. */
  execution: string;
}

export interface OpenRequest extends About {
  action: 'open';
  startedAt: string;
}

export interface ScoreRequest extends About {
  action: 'score';
  batch: Batch;
}

export interface DriveRequest extends About {
  action: 'drive';
  driver: Driver;
}

/** What the workflow heard besides the parts: what a gate of the user's answered, or what failed. */
export interface Heard {
  answer?: unknown;
  failure?: { what: string; error: string };
}

export interface ConcludeRequest extends About {
  action: 'conclude';
  heard: Heard;
}

export type GateRequest = OpenRequest | ScoreRequest | DriveRequest | ConcludeRequest;
