import type { IamReport } from '../cloud/types';
import type { TimelineEntry } from '../world/timeline';
import type { InputKind } from './input-schema';
import type { MachinePicture } from './pictures';

/** All times are virtual seconds since the scenario's start; what was deployed before has negative ones. */

/** A stack of the assembly. */
export interface StackResult {
  name: string;
  /** As CloudFormation calls it when the scenario begins: CREATE_COMPLETE, ROLLBACK_COMPLETE, …; `NOT_DEPLOYED` after another one failed. */
  status: string;
  /** Why it could not be deployed. */
  reason?: string;
  resources: number;
  outputs: Record<string, string>;
  /** What its deletion at the end came to: DELETE_COMPLETE, DELETE_FAILED, or NOT_DEPLOYED. */
  deletion: string;
  deletionReason?: string;
  /** Stand after the deletion, because their deletion policy says so. */
  retained: RetainedResource[];
}

export interface RetainedResource {
  constructPath: string;
  type: string;
}

/** One input, sent. */
export interface InputResult {
  t: number;
  /** Where it stands in the scenario, such as `inputs[0]`. */
  where: string;
  /** Number of the repetition, from 1. */
  n: number;
  kind: InputKind;
  /** Construct path, or name, of what it was sent to. */
  to: string;
  /** AWS took it; a request was answered as expected. */
  ok: boolean;
  /** What came of it, in words. */
  words: string;
  /** Of a request. */
  status?: number;
}

export interface VisitResult {
  t: number;
  state: string;
  /** Virtual seconds in the state; without: it is still in it, or was cut off. */
  seconds?: number;
}

export interface ExecutionResult {
  name: string;
  /** Construct path of the state machine, or its name. */
  stateMachine: string;
  /** A child of a Map Run: its parent's affair. */
  mapRun?: true;
  status: string;
  startedAtSeconds: number;
  endedAtSeconds?: number;
  error?: string;
  cause?: string;
  /** In order of entry, those of parallel branches and of map items among them; at most 200. */
  states: VisitResult[];
  /** Visits beyond these. */
  statesLeftOut?: number;
  historyEvents: number;
  /** States entered and tasks tried again: what a standard workflow is billed by. */
  transitions: number;
}

/** Since the start. */
export interface FunctionResult {
  /** Construct path, or name. */
  function: string;
  invocations: number;
  errors: number;
  /** A module of the scenario ran in its place. */
  standIn?: true;
}

export interface QueueResult {
  queue: string;
  /** Messages in it at the end. */
  messages: number;
  /** Another queue, a function, a subscription or a rule sends here what it could not deliver. */
  isDeadLetterQueue: boolean;
}

export interface AlarmResult {
  alarm: string;
  state: string;
  changes: { t: number; state: string }[];
  /** Metrics that it stands on, and of which no data came: it could not have gone off by them. */
  withoutData?: string[];
}

export interface ExpectationOutcome {
  /** Where it stands in the scenario, such as `expect.executions[0]`. */
  where: string;
  text: string;
  held: boolean;
  /** What was seen instead. */
  seen?: string;
}

export const CHECKS = [
  'deployed',
  'executions',
  'dead-letters',
  'inputs',
  'functions',
  'deliveries',
  'least-privilege',
  'deleted',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** What holds unless the scenario expects otherwise. */
export interface CheckResult {
  name: CheckName;
  held: boolean;
  /** The first ten, in words: what, where, when. */
  violations?: string[];
  /** How many there are. */
  count?: number;
}

/** What `--json` prints of one rehearsal of an application: an interface. */
export interface ApplicationResult {
  /** Names of the stacks in order of deployment, joined. */
  application: string;
  /** Name of the scenario's file; without a scenario: `deployment`. */
  scenario: string;
  title: string;
  seed: number;
  start: string;
  /** The scenario's duration. */
  virtualSeconds: number;
  /** When queues had run dry. */
  drainedAtSeconds: number;
  /** What was still under way then: executions that wait, timers, messages that nobody takes. */
  stillUnderWay: string[];
  stacks: StackResult[];
  /** At most the first 20 of each entry of the scenario, and those that were not ok. */
  inputs: InputResult[];
  /** Inputs beyond these, all of them ok. */
  inputsLeftOut?: number;
  executions: ExecutionResult[];
  functions: FunctionResult[];
  queues: QueueResult[];
  alarms: AlarmResult[];
  timeline: TimelineEntry[];
  expectations: ExpectationOutcome[];
  checks: CheckResult[];
  iam: IamReport;
}

/** A rehearsal, as the simulation thread hands it back. */
export interface ApplicationRehearsal {
  result: ApplicationResult;
  /** What a report draws besides. */
  pictures: MachinePicture[];
  /** No part of the result: the same run gives the same result. */
  wallSeconds: number;
}

export const applicationSucceeded = ({ expectations, checks }: ApplicationResult): boolean =>
  expectations.every(({ held }) => held) && checks.every(({ held }) => held);
