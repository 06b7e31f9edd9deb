import jsonata from 'jsonata';
import { releaseDefinition, type WorkflowParts } from '../../lib/release/release-definition';
import type { Asl, AslState } from './asl';

export const PARTS: WorkflowParts = {
  stepArn: 'arn:aws:lambda:eu-west-1:111122223333:function:step',
  approvalArn: 'arn:aws:lambda:eu-west-1:111122223333:function:approval',
  rollbackArn: 'arn:aws:lambda:eu-west-1:111122223333:function:rollback',
  topicArn: 'arn:aws:sns:eu-west-1:111122223333:topic',
  runbooksUrl: 'https://runbooks.example.com',
  useCaseName: 'support-triage',
  decidingRoles: ['process'],
};

/** Evaluates an expression as Step Functions would, with variables and `$states`. */
export const evaluate = (expression: unknown, variables: Record<string, unknown>): Promise<unknown> =>
  jsonata(String(expression).replace(/^\{%|%\}$/g, '')).evaluate(undefined, variables) as Promise<unknown>;

/** The release workflow, to be asked state by state. */
export const releaseMachine = (parts: Partial<WorkflowParts> = {}) => askable(releaseDefinition({ ...PARTS, ...parts }) as unknown as Asl);

/** A machine that is asked for a state, and where a choice leads. */
export function askable(machine: Asl) {
  const state = (name: string): AslState => {
    const found = machine.States[name];
    if (found === undefined) throw new Error(`no state ${name}`);
    return found;
  };
  /** Where a choice leads with these variables. */
  const next = async (choice: string, variables: Record<string, unknown>): Promise<string | undefined> => {
    for (const rule of state(choice).Choices ?? []) if ((await evaluate(rule.Condition, variables)) === true) return rule.Next;
    return state(choice).Default;
  };
  return { machine, state, next };
}
