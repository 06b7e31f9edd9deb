import type { States } from './asl';
import { call, choose, forEach, invoke, invokeAndWait, jsonata } from './asl';
import { HEARTBEAT_SECONDS } from './canary-states';
import { ending, failedUpdate, rollingBack } from './endings';
import { describeInto, endpointAsAsked, freeBefore, freeing, notAsAsked, waitForEndpoint } from './endpoint-states';
import { RELEASE_ID, type WorkflowParts } from './workflow-parts';

const STAGE = "'shadow'";
/** Captures come minutes late, and the verdict reads them file by file. */
const READING_MINUTES = 1440;
/** A guarded deployment begins with stable alone; everything else with the candidate in the dark. */
const AFTERWARDS = "$release.strategy = 'blue-green' ? $plan.restoreEndpoint : $plan.endpoint";
const AFTERWARDS_CONFIG = "($release.strategy = 'blue-green' ? $plan.stableConfigName : $plan.darkConfigName)";

/** Stable answers, the candidate gets copies; what it answers is compared and never used. Then the endpoint is made ready for `next`. */
export function shadowStates(parts: WorkflowParts, next: string, inconclusive: string): States {
  const Catch = [rollingBack(STAGE)];
  const refused = (config: string) => ({
    Type: 'Pass',
    Assign: { ending: jsonata(failedUpdate(ending('rolled-back', STAGE, notAsAsked(config)))) },
    Next: 'RollBack',
  });
  return {
    ShadowOwed: choose([{ when: '$release.shadowMinutes > 0', next: 'CreateShadowConfig', assign: { polls: 0 } }], next),
    CreateShadowConfig: call('sagemaker', 'createEndpointConfig', jsonata('$plan.shadow.createConfig'), {
      Catch,
      Next: freeBefore('AddShadow'),
    }),
    ...freeing(parts, 'AddShadow', Catch),
    AddShadow: call('sagemaker', 'updateEndpoint', jsonata('$plan.shadow.endpoint'), { Catch, Next: 'WaitForShadow' }),
    WaitForShadow: waitForEndpoint('DescribeShadow'),
    DescribeShadow: describeInto('ShadowAsAsked', Catch),
    ShadowAsAsked: endpointAsAsked('$plan.shadow.configName', 'OpenShadow', 'WaitForShadow', 'ShadowNotAsAsked'),
    ShadowNotAsAsked: refused('$plan.shadow.configName'),
    OpenShadow: invokeAndWait(
      parts.stepArn,
      { action: 'open-step', kind: 'shadow', releaseId: RELEASE_ID, index: 0 },
      {
        HeartbeatSeconds: HEARTBEAT_SECONDS,
        TimeoutSeconds: jsonata(`($release.shadowMinutes + ${READING_MINUTES}) * 60`),
        Assign: { step: jsonata('$states.result') },
        Catch: [
          {
            ErrorEquals: ['States.Timeout', 'States.HeartbeatTimeout'],
            Next: 'RollBack',
            Assign: {
              ending: jsonata(ending('rolled-back', STAGE, `'no verdict came within ${HEARTBEAT_SECONDS} s: its heartbeat was missed'`)),
            },
          },
          ...Catch,
        ],
        Next: 'ShadowDecided',
      },
    ),
    ShadowDecided: choose(
      [
        { when: "$step.decision = 'advance'", next: freeBefore('LeaveShadow') },
        { when: "$step.decision = 'hold'", next: 'HoldShadow' },
      ],
      'ShadowFailed',
    ),
    ShadowFailed: {
      Type: 'Pass',
      Assign: {
        ending: jsonata(
          `$merge([${ending('rolled-back', STAGE, "$step.reason & ''")}, $exists($step.culprit) ? {'culprit': $step.culprit} : {}])`,
        ),
      },
      Next: 'RollBack',
    },
    HoldShadow: invoke(
      parts.stepArn,
      { action: 'hold', releaseId: RELEASE_ID, reason: jsonata("$step.reason & ''") },
      { Catch, Next: inconclusive },
    ),
    ...freeing(parts, 'LeaveShadow', Catch),
    LeaveShadow: call('sagemaker', 'updateEndpoint', jsonata(AFTERWARDS), {
      Assign: { polls: 0, step: { decision: 'promote', reason: 'all at once', by: 'workflow' } },
      Catch,
      Next: 'WaitAfterShadow',
    }),
    WaitAfterShadow: waitForEndpoint('DescribeAfterShadow'),
    DescribeAfterShadow: describeInto('AfterShadowAsAsked', Catch),
    AfterShadowAsAsked: endpointAsAsked(AFTERWARDS_CONFIG, 'DeleteShadow', 'WaitAfterShadow', 'AfterShadowNotAsAsked'),
    AfterShadowNotAsAsked: refused(AFTERWARDS_CONFIG),
    DeleteShadow: forEach(
      '[$plan.shadow.configName]',
      'DeleteShadowConfig',
      'sagemaker',
      'deleteEndpointConfig',
      { EndpointConfigName: jsonata('$states.input') },
      { Catch, Next: next },
    ),
  };
}
