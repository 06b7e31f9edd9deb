import { UnsupportedError } from '../../cloud/types';
import type { State } from './definition';
import { invalid } from './definition-errors';
import { parseResource } from './integrations';
import { jobOperations } from './job-sync';
import { expressionOf } from './jsonata';
import { argumentProblems } from './sdk-shapes';
import type { Around } from './validate';

export const MOST_SECONDS = 99_999_999;

/** What is written out in Arguments or Parameters is checked against the operation's shape; what is computed, when it runs. */
export function checkTask(at: string, state: State, { supports, type }: Around): void {
  const integration = parseResource(at, state.Resource);
  const { service, operation, kind, pattern } = integration;
  if (type === 'EXPRESS' && pattern !== 'response')
    throw invalid(`Express state machines do not support ${kind === 'activity' ? 'activities' : `'.${pattern}'`} at ${at}/Resource`);
  const missing = [operation, ...jobOperations(integration)].find((needed) => !supports(service, needed));
  if (missing !== undefined)
    throw new UnsupportedError(
      `${at}: ${String(state.Resource)} needs the operation ${missing} of ${service}, which the laptop cloud does not have`,
    );
  checkTimes(at, state);
  const payload = state.QueryLanguage === 'JSONata' ? 'Arguments' : 'Parameters';
  const given = state[payload];
  if (kind === 'function' || kind === 'activity' || given === undefined) return;
  const [problem] = argumentProblems(service, operation, given);
  if (problem !== undefined) throw invalid(`${problem} at ${at}/${payload}`);
}

function checkTimes(at: string, state: State): void {
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  for (const [field, value] of Object.entries({ TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat }))
    if (value !== undefined && (state.QueryLanguage === 'JSONPath' || expressionOf(value) === undefined))
      checkSeconds(`${at}/${field}`, value);
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout)
    throw invalid(`HeartbeatSeconds (${heartbeat}) must be less than TimeoutSeconds (${timeout}) at ${at}`);
}

export function checkSeconds(at: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MOST_SECONDS)
    throw invalid(`seconds must be a whole number from 1 to ${MOST_SECONDS}, got ${String(value)} at ${at}`);
}
