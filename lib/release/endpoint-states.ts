import type { State, States } from './asl';
import { CAUGHT, call, choose, invoke, jsonata, wait } from './asl';
import { ending } from './endings';
import { RELEASE_ID, type WorkflowParts } from './workflow-parts';

/** Looks that together take two hours. No change of an endpoint is done in less than minutes, and a release's history stays short. */
export const POLLS = 28;
const POLL_SECONDS = '$polls = 0 ? 240 : $polls < 6 ? 120 : 300';

/** Traffic is safe on the way back: an endpoint that hangs is waited for, for nine hours. A kill would take stable's answers as well. */
export const LOOKS_ON_THE_WAY_BACK = 80;
const WAY_BACK_SECONDS = '$polls < 10 ? 60 : $polls < 25 ? 120 : $polls < 35 ? 300 : 600';
/** An activity takes minutes; the longer it is waited for, the longer nothing scales. */
const SCALING_POLL_SECONDS = 60;
export const BUSY = "$endpoint.status in ['Creating', 'Updating', 'SystemUpdating', 'RollingBack']";

export const waitOnTheWayBack = (next: string): State => ({ Type: 'Wait', Seconds: jsonata(WAY_BACK_SECONDS), Next: next });

export const waitForEndpoint = (next: string): State => ({ Type: 'Wait', Seconds: jsonata(POLL_SECONDS), Next: next });

/** An endpoint's name is free only once its predecessor is gone: that is waited for, up to two hours. */
export function nameStates(): States {
  const reason = "'an endpoint of this name stands in the way: it is ' & $endpoint.status";
  return {
    LookBeforeCreate: call(
      'sagemaker',
      'describeEndpoint',
      { EndpointName: jsonata('$plan.endpointName') },
      {
        Assign: { endpoint: jsonata("{'status': $states.result.EndpointStatus}"), polls: jsonata('$polls + 1') },
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Next: 'NameIsFree',
            Assign: { problem: jsonata(CAUGHT), ending: jsonata(ending('rolled-back', "'create'", CAUGHT)) },
          },
        ],
        Next: 'NameIsTaken',
      },
    ),
    NameIsFree: choose(
      [
        {
          when: '$contains($problem, /could not find/i)',
          next: 'CreateEndpoint',
          assign: { endpoint: {}, endpointTouched: true, polls: 0 },
        },
      ],
      'RollBack',
    ),
    NameIsTaken: choose(
      [
        { when: `$endpoint.status = 'Deleting' and $polls < ${POLLS}`, next: 'WaitForName' },
        // Left behind by a release of ours: nothing is stable, so the way back deletes it, and the next release finds the name free.
        {
          when: "$endpoint.status != 'Deleting'",
          next: 'RollBack',
          assign: { endpointTouched: true, ending: jsonata(ending('rolled-back', "'create'", reason)) },
        },
      ],
      'NameStaysTaken',
    ),
    NameStaysTaken: {
      Type: 'Pass',
      Assign: { ending: jsonata(ending('rolled-back', "'create'", reason)) },
      Next: 'RollBack',
    },
    WaitForName: waitForEndpoint('LookBeforeCreate'),
  };
}

/** Name of the first of those states. */
export const freeBefore = (update: string): string => `FreeBefore${update}`;

/** Scaling lets go of the endpoint, and what it has begun is waited for: an update would be refused. Then `update` is entered. */
export function freeing(parts: WorkflowParts, update: string, Catch: unknown[]): States {
  const free = freeBefore(update);
  const [mayBeBusy, look, isFree, waiting] = [`${free}MayBeBusy`, `${free}Look`, `${free}Is`, `${free}Wait`];
  return {
    [free]: invoke(
      parts.stepArn,
      { action: 'free-scaling', releaseId: RELEASE_ID },
      {
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }],
        Assign: { freed: jsonata('$states.result.Payload') },
        Catch,
        Next: mayBeBusy,
      },
    ),
    [mayBeBusy]: choose([{ when: '$freed.mayBeBusy = true', next: look }], update),
    [look]: describeInto(isFree, Catch),
    [isFree]: choose(
      [
        { when: `${BUSY} and $polls < ${POLLS}`, next: waiting },
        { when: 'true', next: update, assign: { polls: 0 } },
      ],
      update,
    ),
    [waiting]: wait(SCALING_POLL_SECONDS, free),
  };
}

/** Looks at the endpoint and counts the looks. */
export function describeInto(next: string, Catch: unknown[]) {
  return call(
    'sagemaker',
    'describeEndpoint',
    { EndpointName: jsonata('$plan.endpointName') },
    {
      Assign: {
        endpoint: jsonata("{'status': $states.result.EndpointStatus, 'configName': $states.result.EndpointConfigName}"),
        polls: jsonata('$polls + 1'),
      },
      Catch,
      Next: next,
    },
  );
}

/** SageMaker can undo an update by itself and still say InService: only the config asked for counts. */
export const endpointAsAsked = (config: string, asAsked: string, again: string, otherwise: string) =>
  choose(
    [
      { when: `$endpoint.status = 'InService' and $endpoint.configName = ${config}`, next: asAsked, assign: { polls: 0 } },
      {
        when: `${BUSY} and $polls < ${POLLS}`,
        next: again,
      },
    ],
    otherwise,
  );

export const notAsAsked = (config: string): string =>
  `'the endpoint is ' & $endpoint.status & ' with config ' & $endpoint.configName & ', asked for was ' & ${config}`;
