/** Amazon States Language, as far as the interpreter runs it, in both query languages. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'NONE' | 'FULL';
  Comment?: string;
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  Assign?: Record<string, Json>;
  Output?: Json;
  ResultPath?: string | null;
  Comment?: string;
}

/** What a JSONPath rule asks: one comparison of a Variable, or And, Or, Not of others. */
export interface ChoiceTest {
  And?: ChoiceTest[];
  Or?: ChoiceTest[];
  Not?: ChoiceTest;
  Variable?: string;
  IsPresent?: boolean;
}

export interface ChoiceRule extends ChoiceTest {
  /** JSONata. */
  Condition?: Json;
  Next: string;
  Assign?: Record<string, Json>;
  Output?: Json;
  Comment?: string;
}

/** Where a distributed Map takes its items from. */
export interface ItemReader {
  Resource: string;
  Arguments?: Json;
  Parameters?: Json;
  ReaderConfig?: {
    InputType?: 'CSV' | 'JSON' | 'JSONL';
    CSVHeaderLocation?: 'FIRST_ROW' | 'GIVEN';
    CSVHeaders?: string[];
    CSVDelimiter?: 'COMMA' | 'PIPE' | 'SEMICOLON' | 'SPACE' | 'TAB';
    /** JSON pointer to the array inside a JSON file. */
    ItemsPointer?: string;
    MaxItems?: number | string;
    MaxItemsPath?: string;
  };
}

export interface ItemBatcher {
  MaxItemsPerBatch?: number | string;
  MaxInputBytesPerBatch?: number | string;
  MaxItemsPerBatchPath?: string;
  MaxInputBytesPerBatchPath?: string;
  BatchInput?: Json;
}

export interface ResultWriter {
  Resource?: string;
  Arguments?: Json;
  Parameters?: Json;
  WriterConfig?: { Transformation?: 'NONE' | 'COMPACT' | 'FLATTEN'; OutputType?: 'JSON' | 'JSONL' };
}

export interface State {
  Type: 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';
  Comment?: string;
  QueryLanguage?: 'JSONata' | 'JSONPath';
  Next?: string;
  End?: boolean;
  Assign?: Record<string, Json>;
  Output?: Json;
  Arguments?: Json;
  Retry?: Retrier[];
  Catch?: Catcher[];
  Resource?: string;
  TimeoutSeconds?: number | string;
  HeartbeatSeconds?: number | string;
  Credentials?: { RoleArn?: string; 'RoleArn.$'?: string };
  Choices?: ChoiceRule[];
  Default?: string;
  Seconds?: number | string;
  Timestamp?: string;
  Error?: string;
  Cause?: string;
  Branches?: Flow[];
  ItemProcessor?: ItemProcessor;
  Items?: Json;
  ItemReader?: ItemReader;
  ItemSelector?: Json;
  ItemBatcher?: ItemBatcher;
  ResultWriter?: ResultWriter;
  Label?: string;
  MaxConcurrency?: number | string;
  ToleratedFailureCount?: number | string;
  ToleratedFailurePercentage?: number | string;
  // JSONPath:
  InputPath?: string | null;
  Parameters?: Json;
  Result?: Json;
  ResultSelector?: Json;
  ResultPath?: string | null;
  OutputPath?: string | null;
  TimeoutSecondsPath?: string;
  HeartbeatSecondsPath?: string;
  SecondsPath?: string;
  TimestampPath?: string;
  ErrorPath?: string;
  CausePath?: string;
  ItemsPath?: string;
  MaxConcurrencyPath?: string;
  ToleratedFailureCountPath?: string;
  ToleratedFailurePercentagePath?: string;
  /** The older name of ItemProcessor. */
  Iterator?: ItemProcessor;
}

type ItemProcessor = Flow & { ProcessorConfig?: { Mode?: string; ExecutionType?: string } };

/** States that follow each other: the machine itself, a branch, or what a map does with an item. */
export interface Flow {
  StartAt: string;
  States: Record<string, State>;
  Comment?: string;
  QueryLanguage?: 'JSONata' | 'JSONPath';
}

export interface Definition extends Flow {
  TimeoutSeconds?: number;
  Version?: string;
}

/** A Map whose items run as executions of their own. */
export function isDistributed(state: State): boolean {
  return state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED';
}

export type MachineType = 'STANDARD' | 'EXPRESS';

/** What the items of a distributed Map run as. */
export function childTypeOf(state: State): MachineType {
  return state.ItemProcessor?.ProcessorConfig?.ExecutionType === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
}
