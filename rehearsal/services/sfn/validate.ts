import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Definition, Flow, State } from './definition';
import { checkTarget, invalid, onlyFields } from './definition-errors';
import { parseResource } from './integrations';
import { fieldsOf } from './fields';
import { compile, eachExpression, expressionOf } from './jsonata';
import { jobOperations } from './job-sync';
import { argumentProblems } from './sdk-shapes';
import { checkJsonPath } from './jsonpath/check-state';
import { resolveLanguages } from './languages';
import { checkHandling } from './validate-handling';
import { checkMapFields } from './validate-map';
import { checkNames } from './validate-names';
import { checkReachable } from './validate-reachable';
import { checkStatesVariable } from './validate-states-variable';
import { checkVariables } from './validate-variables';

const CHOICE_FIELDS = ['Condition', 'Next', 'Assign', 'Output', 'Comment'];

function checkExpressions(at: string, state: State): void {
  const own = Object.entries(state).filter(([field]) => field !== 'Branches' && field !== 'ItemProcessor');
  for (const [field, value] of own)
    eachExpression(value, field, (text, place) => {
      try {
        compile(text);
      } catch (failure) {
        throw invalid(`The JSONata expression '${text}' at ${at}/${place} does not parse: ${(failure as Error).message}`);
      }
    });
}

const MOST_SECONDS = 99_999_999;

/** Whether the laptop cloud has the operation. */
export type Supports = (service: string, operation: string) => boolean;

/** What is written out in Arguments is checked against the operation's shape; what is computed, when it runs. */
function checkTask(at: string, state: State, supports: Supports): void {
  const integration = parseResource(at, state.Resource);
  const { service, operation } = integration;
  const missing = [operation, ...jobOperations(integration)].find((needed) => !supports(service, needed));
  if (missing !== undefined)
    throw new UnsupportedError(
      `${at}: ${String(state.Resource)} needs the operation ${missing} of ${service}, which the laptop cloud does not have`,
    );
  checkTimes(at, state);
  const payload = state.QueryLanguage === 'JSONata' ? 'Arguments' : 'Parameters';
  const given = state[payload];
  if (integration.kind === 'function' || integration.kind === 'activity' || given === undefined) return;
  const [problem] = argumentProblems(service, operation, given);
  if (problem !== undefined) throw invalid(`${problem} at ${at}/${payload}`);
}

function checkTimes(at: string, state: State): void {
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  for (const [field, value] of Object.entries({ TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat }))
    if (value !== undefined && expressionOf(value) === undefined) checkSeconds(`${at}/${field}`, value);
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout)
    throw invalid(`HeartbeatSeconds (${heartbeat}) must be less than TimeoutSeconds (${timeout}) at ${at}`);
}

function checkSeconds(at: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MOST_SECONDS)
    throw invalid(`seconds must be a whole number from 1 to ${MOST_SECONDS}, got ${String(value)} at ${at}`);
}

function checkWait(at: string, state: State): void {
  const fields = ['Seconds', 'Timestamp', ...(state.QueryLanguage === 'JSONata' ? [] : ['SecondsPath', 'TimestampPath'])];
  if (fields.filter((field) => field in state).length !== 1) throw invalid(`${at} needs one of ${fields.join(' and ')}`);
  if (typeof state.Seconds === 'number' && (!Number.isInteger(state.Seconds) || state.Seconds < 0 || state.Seconds > MOST_SECONDS))
    throw invalid(`Seconds must be a whole number from 0 to ${MOST_SECONDS}, got ${state.Seconds} at ${at}`);
}

function s3OperationsOf({ ItemReader: reader, ResultWriter: writer }: State): string[] {
  return [reader?.Resource, writer?.Resource].flatMap((resource) => {
    const action = resource?.replace(/^.*:/, '') ?? '';
    return action === '' ? [] : [action.charAt(0).toUpperCase() + action.slice(1)];
  });
}

function checkMap(at: string, state: State, supports: Supports): void {
  const processor = state.ItemProcessor;
  if (processor === undefined) throw invalid(`${at} needs ItemProcessor`);
  checkMapFields(at, state);
  for (const operation of s3OperationsOf(state))
    if (!supports('s3', operation))
      throw new UnsupportedError(`${at} needs the operation ${operation} of s3, which the laptop cloud does not have`);
  checkFlow(`${at}/ItemProcessor`, processor, ['ProcessorConfig'], supports);
}

function checkChoice(at: string, flow: Flow, state: State): void {
  if (!Array.isArray(state.Choices) || state.Choices.length === 0) throw invalid(`${at} needs Choices`);
  for (const [index, rule] of state.Choices.entries()) {
    checkTarget(`${at}/Choices[${index}]`, flow, rule.Next);
    if (state.QueryLanguage !== 'JSONata') continue;
    onlyFields(`${at}/Choices[${index}]`, rule, CHOICE_FIELDS);
    if (typeof rule.Condition !== 'boolean' && expressionOf(rule.Condition) === undefined)
      throw invalid(`${at}/Choices[${index}]: Condition must be true, false or a JSONata expression`);
  }
  if (state.Default !== undefined) checkTarget(`${at}/Default`, flow, state.Default);
}

function checkState(at: string, flow: Flow, state: State, supports: Supports): void {
  const fields = fieldsOf(state);
  if (fields === undefined) throw new UnsupportedError(`${at}: state type ${String(state.Type)} is not supported by the rehearsal`);
  onlyFields(`${at} (${state.Type})`, state, fields);
  if (state.QueryLanguage === 'JSONata') {
    checkExpressions(at, state);
    checkStatesVariable(at, state);
  } else checkJsonPath(at, state);
  checkHandling(at, flow, state);
  if (fields.includes('End') && (state.Next === undefined) !== (state.End === true))
    throw invalid(`${at} needs either Next or "End": true`);
  if (state.Next !== undefined) checkTarget(at, flow, state.Next);
  if (state.Type === 'Task') checkTask(at, state, supports);
  if (state.Type === 'Wait') checkWait(at, state);
  if (state.Type === 'Choice') checkChoice(at, flow, state);
  if (state.Type === 'Map') checkMap(at, state, supports);
  if (state.Type === 'Parallel') {
    if (!Array.isArray(state.Branches)) throw invalid(`${at} needs Branches`);
    state.Branches.forEach((branch, index) => checkFlow(`${at}/Branches[${index}]`, branch, [], supports));
  }
}

function checkFlow(at: string, flow: Flow, more: readonly string[], supports: Supports): void {
  onlyFields(at === '' ? 'The definition' : at, flow, ['StartAt', 'States', 'Comment', 'QueryLanguage', ...more]);
  if (typeof flow.States !== 'object' || flow.States === null) throw invalid(`${at} needs States`);
  checkTarget(`${at}/StartAt`, flow, flow.StartAt);
  for (const [name, state] of Object.entries(flow.States)) checkState(`${at}/States/${name}`, flow, state, supports);
  checkReachable(at, flow);
}

/** Reads a definition and refuses, by the state's name, what AWS would refuse and what the interpreter cannot run. */
export function parseDefinition(text: string, supports: Supports): Definition {
  let definition: Definition;
  try {
    definition = JSON.parse(text) as Definition;
  } catch (failure) {
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ${(failure as Error).message}'`);
  }
  if (typeof definition !== 'object' || definition === null) throw invalid('a definition is a JSON object');
  resolveLanguages(definition);
  checkFlow('', definition, ['TimeoutSeconds', 'Version'], supports);
  if (definition.TimeoutSeconds !== undefined) checkSeconds('/TimeoutSeconds', definition.TimeoutSeconds);
  checkNames('', definition);
  checkVariables('', definition, new Set());
  return definition;
}
