/** Amazon States Language, as far as the interpreter runs it: JSONata states, inline maps. */

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
  ItemProcessor?: Flow & { ProcessorConfig?: { Mode?: string } };
  Items?: Json;
  ItemSelector?: Json;
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
