import { jsonata } from './asl';

/** What the release workflow calls. */
export interface WorkflowParts {
  stepArn: string;
  approvalArn: string;
  rollbackArn: string;
  topicArn: string;
  /** Where the runbooks are that pages link to. */
  runbooksUrl: string;
  useCaseName: string;
  /** Who decides on an inconclusive canary when the charter asks for no approval of releases. */
  decidingRoles: string[];
  /** Runs one gate; missing where the charter names none. */
  gateMachineArn?: string;
}

export const RELEASE_ID = jsonata('$states.context.Execution.Input.releaseId');
export const EXECUTION_ARN = jsonata('$states.context.Execution.Id');

/** Names the canary step under way. */
export const CANARY_STAGE = "'canary:' & $string($release.steps[$stepIndex].weight)";
