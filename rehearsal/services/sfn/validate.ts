import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Definition, Flow, State } from './definition';
import { parseResource } from './integrations';
import { argumentProblems } from './sdk-shapes';
import { compile, eachExpression, expressionOf } from './jsonata';

const EVERY_STATE = ['Type', 'Comment', 'QueryLanguage'];
const FLOW_ON = ['Next', 'End', 'Assign', 'Output'];
const HANDLING = ['Retry', 'Catch'];

const FIELDS: Record<State['Type'], string[]> = {
  Task: [...FLOW_ON, ...HANDLING, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds', 'Credentials'],
  Pass: [...FLOW_ON],
  Choice: ['Choices', 'Default', 'Assign', 'Output'],
  Wait: [...FLOW_ON, 'Seconds', 'Timestamp'],
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
  Parallel: [...FLOW_ON, ...HANDLING, 'Branches', 'Arguments'],
  Map: [
    ...FLOW_ON,
    ...HANDLING,
    'ItemProcessor',
    'Items',
    'ItemSelector',
    'MaxConcurrency',
    'ToleratedFailureCount',
    'ToleratedFailurePercentage',
  ],
};
const CATCHER_FIELDS = ['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment'];
const RETRIER_FIELDS = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'];
const CHOICE_FIELDS = ['Condition', 'Next', 'Assign', 'Output', 'Comment'];
/** Means the same in both query languages, as long as it holds no path. */
const NEUTRAL_FIELDS = [...EVERY_STATE, 'Next', 'End', 'Assign', 'Error', 'Cause', 'Seconds', 'Timestamp'];
const NEUTRAL_TYPES = ['Pass', 'Succeed', 'Fail', 'Wait'];

function invalid(message: string): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${message}'`);
}

function onlyFields(owner: string, value: object, allowed: readonly string[]): void {
  for (const field of Object.keys(value))
    if (!allowed.includes(field))
      throw new UnsupportedError(`${owner}: field ${field} is not supported by the rehearsal; supported here: ${allowed.join(', ')}`);
}

function hasPath(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => key.endsWith('.$') || hasPath(member));
}

/** To JSONPath `{% … %}` is plain text, and most likely a mistake. */
function hasExpression(state: State): boolean {
  let found = false;
  eachExpression(state, '', () => (found = true));
  return found;
}

function checkLanguage(at: string, state: State, inherited: string): void {
  const language = state.QueryLanguage ?? inherited;
  if (language === 'JSONata') return;
  const foreign = NEUTRAL_TYPES.includes(state.Type) ? Object.keys(state).find((field) => !NEUTRAL_FIELDS.includes(field)) : 'Type';
  if (foreign !== undefined || hasPath(state) || hasExpression(state))
    throw new UnsupportedError(
      `${at} (${state.Type}) uses JSONPath; the rehearsal runs JSONata states only. Set "QueryLanguage": "JSONata" and use Arguments, Output and Assign`,
    );
}

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

function checkTarget(at: string, flow: Flow, target: string | undefined): void {
  if (target === undefined || !(target in flow.States))
    throw invalid(`MISSING_TRANSITION_TARGET: ${at} names '${target}', which is no state here`);
}

function checkHandling(at: string, flow: Flow, state: State): void {
  for (const [index, retrier] of (state.Retry ?? []).entries()) {
    onlyFields(`${at}/Retry[${index}]`, retrier, RETRIER_FIELDS);
    if (!Array.isArray(retrier.ErrorEquals) || retrier.ErrorEquals.length === 0) throw invalid(`${at}/Retry[${index}] needs ErrorEquals`);
    if (retrier.BackoffRate !== undefined && retrier.BackoffRate < 1)
      throw invalid(`${at}/Retry[${index}]: BackoffRate must be at least 1`);
  }
  for (const [index, catcher] of (state.Catch ?? []).entries()) {
    onlyFields(`${at}/Catch[${index}]`, catcher, CATCHER_FIELDS);
    if (!Array.isArray(catcher.ErrorEquals) || catcher.ErrorEquals.length === 0) throw invalid(`${at}/Catch[${index}] needs ErrorEquals`);
    checkTarget(`${at}/Catch[${index}]`, flow, catcher.Next);
  }
}

/** Whether the laptop cloud has the operation. */
export type Supports = (service: string, operation: string) => boolean;

/** What is written out in Arguments is checked against the operation's shape; what is computed, when it runs. */
function checkTask(at: string, state: State, supports: Supports): void {
  const integration = parseResource(at, state.Resource);
  const { service, operation } = integration;
  if (!supports(service, operation))
    throw new UnsupportedError(
      `${at}: ${String(state.Resource)} needs the operation ${operation} of ${service}, which the laptop cloud does not have`,
    );
  if (integration.kind === 'function' || state.Arguments === undefined) return;
  const [problem] = argumentProblems(service, operation, state.Arguments);
  if (problem !== undefined) throw invalid(`${problem} at ${at}/Arguments`);
}

function checkWait(at: string, state: State): void {
  if ((state.Seconds === undefined) === (state.Timestamp === undefined)) throw invalid(`${at} needs one of Seconds and Timestamp`);
}

function checkMap(at: string, state: State, language: string, supports: Supports): void {
  const processor = state.ItemProcessor;
  if (processor === undefined) throw invalid(`${at} needs ItemProcessor`);
  const mode = processor.ProcessorConfig?.Mode ?? 'INLINE';
  if (mode !== 'INLINE') throw new UnsupportedError(`${at}: a Map in mode ${mode} is not supported by the rehearsal; INLINE is`);
  checkFlow(`${at}/ItemProcessor`, processor, language, ['ProcessorConfig'], supports);
}

function checkChoice(at: string, flow: Flow, state: State): void {
  if (!Array.isArray(state.Choices) || state.Choices.length === 0) throw invalid(`${at} needs Choices`);
  for (const [index, rule] of state.Choices.entries()) {
    onlyFields(`${at}/Choices[${index}]`, rule, CHOICE_FIELDS);
    if (typeof rule.Condition !== 'boolean' && expressionOf(rule.Condition) === undefined)
      throw invalid(`${at}/Choices[${index}]: Condition must be true, false or a JSONata expression`);
    checkTarget(`${at}/Choices[${index}]`, flow, rule.Next);
  }
  if (state.Default !== undefined) checkTarget(`${at}/Default`, flow, state.Default);
}

function checkState(at: string, flow: Flow, state: State, inherited: string, supports: Supports): void {
  const fields = FIELDS[state.Type] as string[] | undefined;
  if (fields === undefined) throw new UnsupportedError(`${at}: state type ${String(state.Type)} is not supported by the rehearsal`);
  checkLanguage(at, state, inherited);
  onlyFields(`${at} (${state.Type})`, state, [...EVERY_STATE, ...fields]);
  checkExpressions(at, state);
  checkHandling(at, flow, state);
  if (fields.includes('End') && (state.Next === undefined) !== (state.End === true))
    throw invalid(`${at} needs either Next or "End": true`);
  if (state.Next !== undefined) checkTarget(at, flow, state.Next);
  if (state.Type === 'Task') checkTask(at, state, supports);
  if (state.Type === 'Wait') checkWait(at, state);
  if (state.Type === 'Choice') checkChoice(at, flow, state);
  if (state.Type === 'Map') checkMap(at, state, inherited, supports);
  if (state.Type === 'Parallel') {
    if (!Array.isArray(state.Branches)) throw invalid(`${at} needs Branches`);
    state.Branches.forEach((branch, index) => checkFlow(`${at}/Branches[${index}]`, branch, inherited, [], supports));
  }
}

function checkFlow(at: string, flow: Flow, inherited: string, more: readonly string[], supports: Supports): void {
  onlyFields(at === '' ? 'The definition' : at, flow, ['StartAt', 'States', 'Comment', 'QueryLanguage', ...more]);
  if (typeof flow.States !== 'object' || flow.States === null) throw invalid(`${at} needs States`);
  checkTarget(`${at}/StartAt`, flow, flow.StartAt);
  const language = flow.QueryLanguage ?? inherited;
  for (const [name, state] of Object.entries(flow.States)) checkState(`${at}/States/${name}`, flow, state, language, supports);
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
  checkFlow('', definition, 'JSONPath', ['TimeoutSeconds', 'Version'], supports);
  return definition;
}
