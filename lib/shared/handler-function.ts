/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- these functions construct for the construct that calls them */
import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { handlerCode } from './handler-code';

export interface HandlerFunctionProps {
  /** Name of the bundle under `dist/lambdas`. */
  readonly handler: string;
  readonly description: string;
  readonly useCaseName: string;
  /** Of a handler that needs the ledger. */
  readonly ledgerTableName?: string;
  readonly environment?: Record<string, string>;
  /** Default: the bundle's directory. */
  readonly codeDirectory?: string;
  readonly timeoutSeconds?: number;
  readonly memoryMiB?: number;
  readonly encryptionKey?: kms.IKey;
}

/** A handler as every construct here deploys it: Node 24 on ARM, a log group of its own, a role that may do nothing but log. */
export function createHandler(scope: Construct, id: string, props: HandlerFunctionProps): lambda.Function {
  const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new iam.Role(scope, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `${props.useCaseName}: ${props.handler} handler`,
  });
  logGroup.grants.write(role);
  const environment = {
    USE_CASE: props.useCaseName,
    ...(props.ledgerTableName === undefined ? {} : { LEDGER_TABLE: props.ledgerTableName }),
    POWERTOOLS_SERVICE_NAME: props.handler,
    POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
    LOG_LEVEL: 'INFO',
    ...props.environment,
  };
  checkSize(props.handler, environment);
  return new lambda.Function(scope, id, {
    description: `${props.useCaseName}: ${props.description}`,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(props.codeDirectory ?? handlerCode(props.handler)),
    timeout: Duration.seconds(props.timeoutSeconds ?? 30),
    memorySize: props.memoryMiB ?? 512,
    role,
    logGroup,
    loggingFormat: lambda.LoggingFormat.JSON,
    environmentEncryption: props.encryptionKey,
    environment,
  });
}

const LARGEST_ENVIRONMENT_BYTES = 4096;
const TOKEN_BYTES = 100;

/** Lambda would refuse it in the middle of a deploy. What is only known then is taken as an ARN long. */
function checkSize(handler: string, environment: Record<string, string>): void {
  const bytes = Object.entries(environment).reduce(
    (sum, [name, value]) => sum + name.length + (Token.isUnresolved(value) ? TOKEN_BYTES : Buffer.byteLength(value)),
    0,
  );
  if (bytes <= LARGEST_ENVIRONMENT_BYTES) return;
  const [largest] = Object.entries(environment).sort(([, left], [, right]) => right.length - left.length);
  throw new Error(
    `The environment of the ${handler} handler has about ${bytes} bytes, most of them in ${largest?.[0]}; Lambda allows ${LARGEST_ENVIRONMENT_BYTES}: ` +
      'name fewer KPIs, owners or tags.',
  );
}
