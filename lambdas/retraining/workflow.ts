import { end } from './end';
import { evaluate } from './evaluate';
import type { WorkflowAction } from './event';
import type { WorkflowParts } from './parts';
import { prepare } from './prepare';
import { notePackage, notePipeline, register } from './register';
import { select } from './select';

/** The workflow's decisions. */
export async function act(parts: WorkflowParts, action: WorkflowAction): Promise<object> {
  const { runId } = action;
  switch (action.action) {
    case 'select':
      return select(parts, runId);
    case 'note-pipeline':
      return notePipeline(parts, runId, action.pipelineExecutionArn);
    case 'prepare':
      return prepare(parts, runId, action.name, action.modelDataUrl ?? undefined);
    case 'evaluate':
      return evaluate(parts, runId, action.upToHash);
    case 'register':
      return register(parts, runId, action.executionArn);
    case 'note-package':
      return notePackage(parts, runId, action.packageArn);
    case 'finish': {
      const { status, outcome } = await end(parts, runId, action);
      return { runId, status, reason: outcome ?? action.reason };
    }
  }
}
