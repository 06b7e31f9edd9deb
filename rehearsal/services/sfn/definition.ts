/** Amazon States Language, as far as the interpreter runs it: JSONata states. */

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
  Comment?: string;
}

export interface ChoiceRule {
  Condition: Json;
  Next: string;
  Assign?: Record<string, Json>;
  Output?: Json;
  Comment?: string;
}

/** Where a distributed Map takes its items from. */
export interface ItemReader {
  Resource: string;
  Arguments?: Json;
  ReaderConfig?: {
    InputType?: 'CSV' | 'JSON' | 'JSONL';
    CSVHeaderLocation?: 'FIRST_ROW' | 'GIVEN';
    CSVHeaders?: string[];
    CSVDelimiter?: 'COMMA' | 'PIPE' | 'SEMICOLON' | 'SPACE' | 'TAB';
    /** JSON pointer to the array inside a JSON file. */
    ItemsPointer?: string;
    MaxItems?: number | string;
  };
}

export interface ItemBatcher {
  MaxItemsPerBatch?: number | string;
  MaxInputBytesPerBatch?: number | string;
  BatchInput?: Json;
}

export interface ResultWriter {
  Resource?: string;
  Arguments?: Json;
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
  Credentials?: { RoleArn: string };
  Choices?: ChoiceRule[];
  Default?: string;
  Seconds?: number | string;
  Timestamp?: string;
  Error?: string;
  Cause?: string;
  Branches?: Flow[];
  ItemProcessor?: Flow & { ProcessorConfig?: { Mode?: string; ExecutionType?: string } };
  Items?: Json;
  ItemReader?: ItemReader;
  ItemSelector?: Json;
  ItemBatcher?: ItemBatcher;
  ResultWriter?: ResultWriter;
  Label?: string;
  MaxConcurrency?: number | string;
  ToleratedFailureCount?: number | string;
  ToleratedFailurePercentage?: number | string;
}

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
