import type { States } from './asl';
import { choose, invoke, invokeAndWait, jsonata } from './asl';
import { ending, rollingBack } from './endings';
import { CANARY_STAGE, RELEASE_ID, type WorkflowParts } from './workflow-parts';

/** The verdict looks each minute: five looks may fail before nobody watches the candidate any more. */
export const HEARTBEAT_SECONDS = 300;

/** Step by step, each judged by the verdict. */
export function canaryStates(parts: WorkflowParts): States {
  const Catch = [rollingBack(CANARY_STAGE)];
  return {
    OpenStep: invokeAndWait(
      parts.stepArn,
      { action: 'open-step', releaseId: RELEASE_ID, index: jsonata('$stepIndex') },
      {
        HeartbeatSeconds: HEARTBEAT_SECONDS,
        TimeoutSeconds: jsonata('($release.maxDurationMinutes + 60) * 60'),
        Assign: { step: jsonata('$states.result') },
        Catch: [
          {
            // A missed heartbeat reads States.Timeout as well.
            ErrorEquals: ['States.Timeout', 'States.HeartbeatTimeout'],
            Next: 'RollBack',
            Assign: {
              ending: jsonata(
                ending('rolled-back', CANARY_STAGE, `'no verdict came within ${HEARTBEAT_SECONDS} s: its heartbeat was missed'`),
              ),
            },
          },
          ...Catch,
        ],
        Next: 'StepDecided',
      },
    ),
    StepDecided: choose(
      [
        { when: "$step.decision = 'promote'", next: 'GrowForPromotion' },
        {
          when: "$step.decision = 'advance' and $stepIndex + 1 < $count($release.steps)",
          next: 'GrowForStep',
          assign: { stepIndex: jsonata('$stepIndex + 1') },
        },
        { when: "$step.decision = 'hold'", next: 'Hold' },
      ],
      'StepFailed',
    ),
    StepFailed: {
      Type: 'Pass',
      Assign: {
        ending: jsonata(
          `$merge([${ending('rolled-back', CANARY_STAGE, "$step.reason & ''")}, $exists($step.culprit) ? {'culprit': $step.culprit} : {}])`,
        ),
      },
      Next: 'RollBack',
    },
    Hold: invoke(
      parts.stepArn,
      { action: 'hold', releaseId: RELEASE_ID, reason: jsonata("$step.reason & ''") },
      { Catch, Next: 'InconclusiveApproval' },
    ),
  };
}
