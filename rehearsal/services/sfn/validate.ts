import { AwsError, UnsupportedError } from '../../cloud/types';
import { childTypeOf, isDistributed, type Definition, type Flow, type MachineType, type State } from './definition';
import { checkTarget, invalid, onlyFields } from './definition-errors';
import { fieldsOf, foreignField } from './fields';
import { compile, eachExpression, expressionOf } from './jsonata';
import { checkJsonPath } from './jsonpath/check-state';
import { resolveLanguages } from './languages';
import { checkHandling } from './validate-handling';
import { checkMapFields } from './validate-map';
import { checkNames } from './validate-names';
import { checkReachable } from './validate-reachable';
import { checkStatesVariable } from './validate-states-variable';
import { checkSeconds, checkTask, MOST_SECONDS } from './validate-task';
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

/** Whether the laptop cloud has the operation. */
export type Supports = (service: string, operation: string) => boolean;

/** What the states are checked against. */
export interface Around {
  supports: Supports;
  /** Of the executions that these states run in. */
  type: MachineType;
  /** What the rehearsal cannot run, so far. */
  lacking: string[];
}

function checkWait(at: string, state: State): void {
  const fields = ['Seconds', 'Timestamp', ...(state.QueryLanguage === 'JSONata' ? [] : ['SecondsPath', 'TimestampPath'])];
  if (fields.filter((field) => field in state).length !== 1) throw invalid(`${at} needs one of ${fields.join(' and ')}`);
  const { Seconds: seconds, QueryLanguage: language } = state;
  if (seconds === undefined || (language === 'JSONata' && expressionOf(seconds) !== undefined)) return;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 0 || seconds > MOST_SECONDS)
    throw invalid(`Seconds must be a whole number from 0 to ${MOST_SECONDS}, got ${JSON.stringify(seconds)} at ${at}`);
}

function s3OperationsOf({ ItemReader: reader, ResultWriter: writer }: State): string[] {
  return [reader?.Resource, writer?.Resource].flatMap((resource) => {
    const action = resource?.replace(/^.*:/, '') ?? '';
    return action === '' ? [] : [action.charAt(0).toUpperCase() + action.slice(1)];
  });
}

function checkMap(at: string, state: State, around: Around): void {
  const processor = state.ItemProcessor;
  if (processor === undefined) throw invalid(`${at} needs ItemProcessor`);
  checkMapFields(at, state);
  if (isDistributed(state) && around.type === 'EXPRESS') throw invalid(`Express state machines do not support distributed Maps, at ${at}`);
  for (const operation of s3OperationsOf(state))
    if (!around.supports('s3', operation))
      throw new UnsupportedError(`${at} needs the operation ${operation} of s3, which the laptop cloud does not have`);
  checkFlow(`${at}/ItemProcessor`, processor, ['ProcessorConfig'], isDistributed(state) ? { ...around, type: childTypeOf(state) } : around);
}

function checkChoice(at: string, flow: Flow, state: State): void {
  if (!Array.isArray(state.Choices) || state.Choices.length === 0) throw invalid(`${at} needs Choices`);
  for (const [index, rule] of state.Choices.entries()) {
    if (rule.Next === undefined) throw invalid(`${at}/Choices[${index}] needs Next`);
    checkTarget(`${at}/Choices[${index}]`, flow, rule.Next);
    if (state.QueryLanguage !== 'JSONata') continue;
    onlyFields(`${at}/Choices[${index}]`, rule, CHOICE_FIELDS);
    if (typeof rule.Condition !== 'boolean' && expressionOf(rule.Condition) === undefined)
      throw invalid(`${at}/Choices[${index}]: Condition must be true, false or a JSONata expression`);
  }
  if (state.Default !== undefined) checkTarget(`${at}/Default`, flow, state.Default);
}

function checkState(at: string, flow: Flow, state: State, around: Around): void {
  const fields = fieldsOf(state);
  if (fields === undefined) throw new UnsupportedError(`${at}: state type ${String(state.Type)} is not supported by the rehearsal`);
  const foreign = foreignField(state);
  if (foreign !== undefined)
    throw invalid(`The field '${foreign}' is not supported by a ${state.Type} in ${String(state.QueryLanguage)}, at ${at}/${foreign}`);
  onlyFields(`${at} (${state.Type})`, state, fields);
  if (state.QueryLanguage === 'JSONata') {
    checkExpressions(at, state);
    checkStatesVariable(at, state);
  } else checkJsonPath(at, state);
  checkHandling(at, flow, state);
  if (fields.includes('End') && (state.Next === undefined) !== (state.End === true))
    throw invalid(`${at} needs either Next or "End": true`);
  if (state.Next !== undefined) checkTarget(at, flow, state.Next);
  if (state.Type === 'Task') checkTask(at, state, around);
  if (state.Type === 'Wait') checkWait(at, state);
  if (state.Type === 'Choice') checkChoice(at, flow, state);
  if (state.Type === 'Map') checkMap(at, state, around);
  if (state.Type === 'Parallel') {
    if (!Array.isArray(state.Branches)) throw invalid(`${at} needs Branches`);
    state.Branches.forEach((branch, index) => checkFlow(`${at}/Branches[${index}]`, branch, [], around));
  }
}

function checkFlow(at: string, flow: Flow, more: readonly string[], around: Around): void {
  onlyFields(at === '' ? 'The definition' : at, flow, ['StartAt', 'States', 'Comment', 'QueryLanguage', ...more]);
  if (typeof flow.States !== 'object' || flow.States === null) throw invalid(`${at} needs States`);
  checkTarget(`${at}/StartAt`, flow, flow.StartAt);
  for (const [name, state] of Object.entries(flow.States)) {
    try {
      checkState(`${at}/States/${name}`, flow, state, around);
    } catch (problem) {
      if (!(problem instanceof UnsupportedError)) throw problem;
      around.lacking.push(problem.message);
    }
  }
  checkReachable(at, flow);
}

/** All that the rehearsal cannot run of a definition, by the states' names. */
export class UnsupportedDefinition extends UnsupportedError {
  constructor(readonly lacking: readonly string[]) {
    super(lacking.join('; '));
  }
}

/** Reads a definition and refuses, by the states' names, what AWS would refuse and what the interpreter cannot run. */
export function parseDefinition(text: string, supports: Supports, type: MachineType = 'STANDARD'): Definition {
  let definition: Definition;
  try {
    definition = JSON.parse(text) as Definition;
  } catch (failure) {
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ${(failure as Error).message}'`);
  }
  if (typeof definition !== 'object' || definition === null) throw invalid('a definition is a JSON object');
  resolveLanguages(definition);
  const around: Around = { supports, type, lacking: [] };
  try {
    checkFlow('', definition, ['TimeoutSeconds', 'Version'], around);
  } catch (problem) {
    // What is lacking is told first: it may be why the rest does not fit.
    if (around.lacking.length === 0) throw problem;
  }
  if (around.lacking.length > 0) throw new UnsupportedDefinition(around.lacking);
  if (definition.Version !== undefined && definition.Version !== '1.0')
    throw invalid(`Version must be "1.0", got ${JSON.stringify(definition.Version)} at /Version`);
  if (definition.TimeoutSeconds !== undefined) checkSeconds('/TimeoutSeconds', definition.TimeoutSeconds);
  checkNames('', definition);
  checkVariables('', definition, new Set());
  return definition;
}
