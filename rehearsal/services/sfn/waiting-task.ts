import type { Json } from './definition';

/** A task that waits for somebody to answer it. */
export interface WaitingTask {
  executionArn: string;
  executionName: string;
  stateMachineArn: string;
  state: string;
  /** The state's input. */
  input: Json;
  /** What the task was handed. */
  arguments: Json;
  /** Of a task with `.waitForTaskToken`. */
  token?: string;
  /** Of an activity's task, whose token a worker gets. */
  activityArn?: string;
}
