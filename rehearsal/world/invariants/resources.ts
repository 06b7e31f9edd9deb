import { type ConfigSighting, stood, type History } from '../history';

/** Longer than any poll of the workflow: after this a difference is silent. */
const NOTICED_WITHIN_MILLIS = 15 * 60_000;

/** The endpoint's live config is the one that the control record names, unless a workflow is at it, or an incident is open about it. */
export function noSilentDrift(history: History): string[] {
  const violations: string[] = [];
  const since = new Map<string, number>();
  for (const sighting of history.sightings) {
    const drifted =
      sighting.status === 'InService' &&
      !sighting.workflowRunning &&
      sighting.liveConfigName !== sighting.controlConfigName &&
      !isOwedATidying(history, sighting);
    if (!drifted) {
      since.delete(sighting.endpointName);
      continue;
    }
    const first = since.get(sighting.endpointName) ?? sighting.atMillis;
    since.set(sighting.endpointName, first);
    if (sighting.atMillis - first >= NOTICED_WITHIN_MILLIS && !isKnown(history, sighting.atMillis)) {
      violations.push(
        `${sighting.endpointName} runs ${sighting.liveConfigName}, the control record names ${sighting.controlConfigName ?? 'none'}, and nobody was told`,
      );
    }
  }
  return [...new Set(violations)];
}

type Windowed = { window?: { obsoleteEndpoints?: string[] }; tidiedAt?: string };

/** An endpoint of its own that a promotion left for a rollback window: who promoted deletes it when that is over, whoever began since. */
const isOwedATidying = ({ releases }: History, { endpointName, atMillis }: ConfigSighting): boolean =>
  (releases as Windowed[]).some(
    ({ window, tidiedAt }) =>
      window?.obsoleteEndpoints?.includes(endpointName) === true && (tidiedAt === undefined || Date.parse(tidiedAt) > atMillis),
  );

const ABOUT_THE_ENDPOINT = new Set(['silent-drift', 'failed-update', 'failed-rollback', 'overdue']);

const isKnown = ({ incidents }: History, atMillis: number): boolean =>
  incidents.some(
    ({ kind, openedAt, resolved }) =>
      ABOUT_THE_ENDPOINT.has(kind) && Date.parse(openedAt) <= atMillis && (resolved === undefined || Date.parse(resolved.at) > atMillis),
  );

/** After kill, by whomever, or destroy no endpoint, config or model of ours remains. */
export function nothingLeftRunning(history: History): string[] {
  const isGone = history.isDestroyed || history.control.at(-1)?.record.mode === 'killed';
  return isGone ? history.standingResources.map((name) => `${name} still stands after kill or destroy`) : [];
}

/** No call was outside its role's policy. */
export function leastPrivilege(history: History): string[] {
  const answerable = history.iam.denied.filter(({ atMillis }) => stood(history, atMillis));
  return answerable.map(({ role, action, resource }) => `${role} was denied ${action} on ${resource}`);
}
