import type { IncidentKind, ReleaseOutcome } from '../../core/contracts';
import type { DescribedConfig } from '../../core/release/sagemaker';
import type { CloudFormationAnswer } from '../shared/cloudformation';

export type Action =
  | { action: 'register'; releaseId: string; executionArn: string }
  | { action: 'wait-for-turn'; releaseId: string; taskToken: string }
  | { action: 'plan'; releaseId: string; currentConfig?: DescribedConfig }
  | { action: 'dark'; releaseId: string }
  | { action: 'hold'; releaseId: string; reason?: string }
  /** `index` is a canary step's. */
  | { action: 'open-step'; releaseId: string; kind?: 'shadow'; index: number; taskToken: string }
  /** Of a blue/green deployment: before it starts, and each time it is looked at. */
  | { action: 'guard'; releaseId: string }
  | { action: 'look-guarded'; releaseId: string }
  | { action: 'note-growth'; releaseId: string }
  | { action: 'free-scaling'; releaseId: string }
  | { action: 'promote'; releaseId: string; by: string; reason: string }
  | {
      action: 'finish';
      releaseId: string;
      outcome: ReleaseOutcome;
      stage: string;
      reason: string;
      culprit?: string;
      /** What the endpoint was last seen with. */
      endpointConfigName?: string;
      /** The release before stays on the endpoint for its rollback window. */
      keepWarm?: boolean;
      incident?: IncidentKind;
    }
  | { action: 'tidy'; releaseId: string }
  /** What the gate's execution answered, or why it answered nothing. */
  | { action: 'keep-gate'; releaseId: string; index: number; startedAt: string; result?: unknown; problem?: string }
  | { action: 'clean-up'; releaseId: string; executionArn?: string }
  | { action: 'teardown-plan' }
  | ({ action: 'answer-cloudformation' } & Omit<CloudFormationAnswer, 'data'>);

export type ActionOf<Name extends Action['action']> = Extract<Action, { action: Name }>;

/** The members that each action must have. Its only caller is our own workflow: a schema library would weigh more than the handler. */
const MEMBERS: Record<Action['action'], Record<string, 'string' | 'number'>> = {
  register: { releaseId: 'string', executionArn: 'string' },
  'wait-for-turn': { releaseId: 'string', taskToken: 'string' },
  plan: { releaseId: 'string' },
  dark: { releaseId: 'string' },
  hold: { releaseId: 'string' },
  'open-step': { releaseId: 'string', index: 'number', taskToken: 'string' },
  guard: { releaseId: 'string' },
  'look-guarded': { releaseId: 'string' },
  'note-growth': { releaseId: 'string' },
  'free-scaling': { releaseId: 'string' },
  promote: { releaseId: 'string', by: 'string', reason: 'string' },
  finish: { releaseId: 'string', outcome: 'string', stage: 'string', reason: 'string' },
  tidy: { releaseId: 'string' },
  'keep-gate': { releaseId: 'string', index: 'number', startedAt: 'string' },
  'clean-up': { releaseId: 'string' },
  'teardown-plan': {},
  'answer-cloudformation': {
    responseUrl: 'string',
    stackId: 'string',
    requestId: 'string',
    logicalResourceId: 'string',
    physicalResourceId: 'string',
    status: 'string',
  },
};

const OUTCOMES: ReleaseOutcome[] = ['promoted', 'rolled-back', 'rejected', 'held', 'superseded', 'withdrawn', 'killed'];

export function readAction(event: unknown): Action {
  const given = (event ?? {}) as Record<string, unknown>;
  const name = String(given['action']);
  if (!isAction(name)) {
    throw new Error(`Action '${name}' is unknown; allowed are ${Object.keys(MEMBERS).join(', ')}`);
  }
  for (const [member, type] of Object.entries(MEMBERS[name])) {
    if (typeof given[member] !== type || given[member] === '') {
      throw new Error(`Action '${name}' needs '${member}' (${type}), got ${JSON.stringify(given[member])}`);
    }
  }
  if (name === 'finish' && !OUTCOMES.includes(given['outcome'] as ReleaseOutcome)) {
    throw new Error(`Action 'finish' needs an outcome of ${OUTCOMES.join(', ')}, got ${JSON.stringify(given['outcome'])}`);
  }
  return given as Action;
}

function isAction(name: string): name is Action['action'] {
  return Object.hasOwn(MEMBERS, name);
}
