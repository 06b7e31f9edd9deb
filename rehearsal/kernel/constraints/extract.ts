/** What AWS's service model asks of one shape; README.md says where it comes from. */
export interface ConstraintShape {
  /** Of a string, list, map or blob; null: no bound on that side. */
  readonly length?: readonly [number | null, number | null];
  readonly range?: readonly [number | null, number | null];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** The pattern as JavaScript writes it, where that differs. */
  readonly js?: { readonly source: string; readonly flags: string };
  /** The value is not quoted in messages. */
  readonly sensitive?: true;
  /** Members of a structure that ask something, with the names of their shapes. */
  readonly members?: Readonly<Record<string, string>>;
  /** Shape of a list's items; '': nothing is asked of them. */
  readonly list?: string;
  /** Shapes of a map's keys and values. */
  readonly map?: readonly [string, string];
}

export interface ConstraintExtract {
  /** Operation → shape of its input; '': nothing is asked. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, ConstraintShape>>;
}

/* eslint-disable @typescript-eslint/no-require-imports -- bundled, and yet read only when a rehearsal uses the service. */
const extracts: Record<string, () => unknown> = {
  'application-auto-scaling': () => require('./application-auto-scaling.json'),
  'bedrock-runtime': () => require('./bedrock-runtime.json'),
  cloudwatch: () => require('./cloudwatch.json'),
  'cloudwatch-logs': () => require('./cloudwatch-logs.json'),
  dynamodb: () => require('./dynamodb.json'),
  eventbridge: () => require('./eventbridge.json'),
  kms: () => require('./kms.json'),
  lambda: () => require('./lambda.json'),
  s3: () => require('./s3.json'),
  sagemaker: () => require('./sagemaker.json'),
  'sagemaker-runtime': () => require('./sagemaker-runtime.json'),
  scheduler: () => require('./scheduler.json'),
  'secrets-manager': () => require('./secrets-manager.json'),
  sfn: () => require('./sfn.json'),
  sns: () => require('./sns.json'),
  sqs: () => require('./sqs.json'),
  ssm: () => require('./ssm.json'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

export function constraintExtract(service: string): ConstraintExtract | undefined {
  return Object.hasOwn(extracts, service) ? (extracts[service]!() as ConstraintExtract) : undefined;
}
