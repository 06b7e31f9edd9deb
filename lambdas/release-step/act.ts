import { answerCloudFormation } from '../shared/cloudformation';
import { logger } from '../shared/telemetry';
import type { Action } from './action';
import { cleanUp } from './clean-up';
import { finish } from './finish';
import type { StepParts } from './parts';
import { keepGate } from './gates';
import { guard, lookGuarded } from './guarded';
import { dark, hold, noteGrowth, openAnyStep, plan, promoteRelease } from './progress';
import { register, waitForTurn } from './register';
import { freeScaling } from './scaling';
import { teardownPlan } from './teardown';
import { endWindow } from './tidy';

export async function act(parts: StepParts, action: Action): Promise<object> {
  logger.info('Release step', { action: action.action, ...('releaseId' in action ? { releaseId: action.releaseId } : {}) });
  switch (action.action) {
    case 'register':
      return register(parts, action);
    case 'wait-for-turn':
      return waitForTurn(parts, action);
    case 'plan':
      return plan(parts, action);
    case 'dark':
      return dark(parts, action.releaseId, 'The candidate stands on the endpoint, without traffic');
    case 'hold':
      return hold(parts, action);
    case 'open-step':
      return openAnyStep(parts, action);
    case 'guard':
      return guard(parts, action.releaseId);
    case 'look-guarded':
      return lookGuarded(parts, action.releaseId);
    case 'note-growth':
      return noteGrowth(parts, action);
    case 'free-scaling':
      return freeScaling(parts, action);
    case 'promote':
      return promoteRelease(parts, action);
    case 'finish':
      return finish(parts, action);
    case 'tidy':
      return endWindow(parts, action);
    case 'keep-gate':
      return keepGate(parts, action);
    case 'clean-up':
      return cleanUp(parts, action);
    case 'teardown-plan':
      return teardownPlan(parts);
    case 'answer-cloudformation':
      await answerCloudFormation(action);
      return { answered: true };
  }
}
