import type { State } from './definition';

const EVERY_STATE = ['Type', 'Comment', 'QueryLanguage'];
const HANDLING = ['Retry', 'Catch'];
const FLOW_ON = ['Next', 'End', 'Assign'];

const TASK = [...FLOW_ON, ...HANDLING, 'Resource', 'TimeoutSeconds', 'HeartbeatSeconds', 'Credentials'];
const PARALLEL = [...FLOW_ON, ...HANDLING, 'Branches'];
const MAP = [
  ...FLOW_ON,
  ...HANDLING,
  'ItemProcessor',
  'ItemSelector',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
];

type Fields = Record<State['Type'], readonly string[]>;

const JSONATA: Fields = {
  Task: [...TASK, 'Arguments', 'Output'],
  Pass: [...FLOW_ON, 'Output'],
  Choice: ['Choices', 'Default', 'Assign', 'Output'],
  Wait: [...FLOW_ON, 'Output', 'Seconds', 'Timestamp'],
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
  Parallel: [...PARALLEL, 'Arguments', 'Output'],
  Map: [...MAP, 'Items', 'Output'],
};

const PATHS = ['InputPath', 'OutputPath'];
const RESULT = [...PATHS, 'ResultSelector', 'ResultPath'];

const JSONPATH: Fields = {
  Task: [...TASK, ...RESULT, 'Parameters', 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
  Pass: [...FLOW_ON, ...PATHS, 'Result', 'Parameters', 'ResultPath'],
  Choice: ['Choices', 'Default', 'Assign', ...PATHS],
  Wait: [...FLOW_ON, ...PATHS, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: PATHS,
  Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
  Parallel: [...PARALLEL, ...RESULT, 'Parameters'],
  Map: [...MAP, ...RESULT, 'ItemsPath', 'MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'],
};

/** What a state of this type and language may hold; undefined for a type that there is not. */
export function fieldsOf({ Type: type, QueryLanguage: language }: State): readonly string[] | undefined {
  const own = (language === 'JSONata' ? JSONATA : JSONPATH)[type] as readonly string[] | undefined;
  return own === undefined ? undefined : [...EVERY_STATE, ...own];
}

/** A field that states of this type have in the other query language only. */
export function foreignField(state: State): string | undefined {
  const own = fieldsOf(state);
  const other = fieldsOf({ ...state, QueryLanguage: state.QueryLanguage === 'JSONata' ? 'JSONPath' : 'JSONata' });
  return Object.keys(state).find((field) => own?.includes(field) === false && other?.includes(field) === true);
}
