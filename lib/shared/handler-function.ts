/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- these functions construct for the construct that calls them */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
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
  readonly ledgerTableName: string;
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
    environment: {
      USE_CASE: props.useCaseName,
      LEDGER_TABLE: props.ledgerTableName,
      POWERTOOLS_SERVICE_NAME: props.handler,
      POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
      LOG_LEVEL: 'INFO',
      ...props.environment,
    },
  });
}
