import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ASYNC_REQUESTS } from '../../core/release/async-folders';
import type { Ledger } from '../ledger/ledger';
import type { ObservationIntake } from '../observation/observation-intake';
import { acknowledgeResources } from '../shared/acknowledge';
import { grantSecretValue } from '../shared/grant-secret';
import { createHandler } from '../shared/handler-function';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName, resourcePrefixOf } from '../shared/names';
import { sagemakerArn } from '../shared/sagemaker-arn';
import type { Baseline } from './baseline';
import { withGatewayCode } from './gateway-asset';

/** A streamed answer may take so long: the handler gives up 15 s before. */
const STREAMING_SECONDS = 300;

/** How a gateway answers. */
export interface InferenceGatewayProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where the control record is read that says who answers. */
  readonly ledger: Ledger;

  /** The secret with the keys of decision ids; the intake uses the same. */
  readonly keyring: secretsmanager.ISecret;

  /** Where every decision is sent. */
  readonly intake: ObservationIntake;

  /** What answers without a model. */
  readonly baseline: Baseline;

  /**
   * Name of a live endpoint that is adopted as the first stable release.
   *
   * @default - the endpoint is made by the first release
   */
  readonly existingEndpoint?: string;

  /**
   * Longest time that a model may take before the baseline answers, in milliseconds, from 50 to 25000.
   * Where answers are streamed: until the first bytes, and between any two.
   *
   * @default 5000
   */
  readonly invokeTimeoutMillis?: number;

  /**
   * Whether answers are handed on while the model still writes them (`InvokeEndpointWithResponseStream`).
   * Then the URL streams, and how long a caller waits is counted until the first byte.
   *
   * @default false
   */
  readonly streaming?: boolean;

  /**
   * Whether models are asked over a queue: the gateway stores each request and answers 202 with where the answer will be.
   *
   * @default false
   */
  readonly asynchronous?: boolean;

  /**
   * Memory of the handler in MiB, which also sets its share of a CPU.
   *
   * @default 1024
   */
  readonly memoryMiB?: number;

  /**
   * Key that encrypts the handler's environment.
   *
   * @default - a key managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * The door to a use case: assigns every unit to an arm as the control record says, invokes that arm's model or the baseline,
 * and records every decision before it answers. Callers sign their requests with SigV4.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const keyring: aws_secretsmanager.ISecret;
 * declare const intake: ObservationIntake;
 * declare const caller: aws_iam.IRole;
 * const gateway = new InferenceGateway(this, 'Gateway', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   keyring,
 *   intake,
 *   baseline: Baseline.fixedAnswer({ label: 'ham' }),
 * });
 * gateway.grantInvoke(caller);
 */
export class InferenceGateway extends Construct {
  /** The handler behind the URL. */
  readonly handler: lambda.IFunction;

  /** Where callers POST the model's own body. */
  readonly url: string;

  /** Longest time that a model may take before the baseline answers, in milliseconds. */
  readonly invokeTimeoutMillis: number;

  /** Whether answers are handed on while the model still writes them. */
  readonly streaming: boolean;

  private readonly storing: lambda.Function;
  private readonly functionUrl: lambda.FunctionUrl;
  private readonly useCaseName: string;

  /**
   * @param scope where the gateway belongs
   * @param id unique within the scope
   * @param props how the gateway answers
   * @throws when the name or the timeout is not allowed
   */
  constructor(scope: Construct, id: string, props: InferenceGatewayProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    this.invokeTimeoutMillis = checkTimeout(props.invokeTimeoutMillis ?? 5000);
    this.streaming = props.streaming ?? false;
    const handler = this.createGateway(props);
    this.handler = handler;
    this.storing = handler;
    const invokeMode = this.streaming ? lambda.InvokeMode.RESPONSE_STREAM : undefined;
    this.functionUrl = handler.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM, invokeMode });
    this.url = this.functionUrl.url;
  }

  /**
   * Allows calling the gateway: both `lambda:InvokeFunctionUrl` and `lambda:InvokeFunction` through the URL, which AWS asks for together.
   *
   * @param grantee the caller
   */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.functionUrl.grantInvokeUrl(grantee);
  }

  /**
   * Requests answered for an arm.
   *
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour
   */
  metricRequests(arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Requests', arm, 'Sum', options);
  }

  /**
   * Requests in which the arm's model failed: an error, a timeout or an open circuit.
   *
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour
   */
  metricFailures(arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Failures', arm, 'Sum', options);
  }

  /**
   * How long callers waited, in milliseconds; the 95th percentile by default.
   *
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour, statistic
   */
  metricLatencyInMillis(arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('LatencyMillis', arm, 'p95', options);
  }

  /**
   * How long callers waited for the first byte of a streamed answer, in milliseconds; the 95th percentile by default.
   *
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour, statistic
   */
  metricFirstByteInMillis(arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('FirstByteMillis', arm, 'p95', options);
  }

  /**
   * How long callers waited until they could begin to read, in milliseconds: for the first byte where answers are streamed, else for all of it.
   *
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour, statistic
   */
  metricWaitInMillis(arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.streaming ? this.metricFirstByteInMillis(arm, options) : this.metricLatencyInMillis(arm, options);
  }

  /** @internal Where requests to an asynchronous model are put. */
  _storesIn(bucket: s3.IBucket): void {
    const requests = bucket.arnForObjects(`${ASYNC_REQUESTS}/*`);
    const endpoints = sagemakerArn(Stack.of(this), 'endpoint', `${resourcePrefixOf(this, this.useCaseName)}-*`);
    this.storing.addEnvironment('ASYNC_BUCKET', bucket.bucketName);
    this.storing.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [requests] }));
    this.storing.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:InvokeEndpointAsync'], resources: [endpoints] }));
    bucket.encryptionKey?.grantEncrypt(this.storing);
    acknowledgeResources(this.storing.role ?? this.storing, 'Requests are named by chance; the folder holds nothing else.', requests);
  }

  private metric(name: string, arm: string, statistic: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric(name, { UseCase: this.useCaseName, Arm: arm }, statistic, options);
  }

  private createGateway(props: InferenceGatewayProps): lambda.Function {
    const handler = withGatewayCode(props.baseline, props.asynchronous === true ? 'async-gateway' : 'gateway', (codeDirectory) =>
      createHandler(this, 'Handler', {
        handler: 'gateway',
        codeDirectory,
        description: 'assigns an arm, invokes the model or the baseline, records the decision',
        useCaseName: this.useCaseName,
        ledgerTableName: props.ledger.table.tableName,
        timeoutSeconds: this.streaming ? STREAMING_SECONDS : 30,
        memoryMiB: props.memoryMiB ?? 1024,
        encryptionKey: props.encryptionKey,
        environment: {
          KEYRING_SECRET_ARN: props.keyring.secretArn,
          OBSERVATION_QUEUE_URL: props.intake.queue.queueUrl,
          INVOKE_TIMEOUT_MILLIS: String(this.invokeTimeoutMillis),
          ...(this.streaming ? { STREAMING: 'true' } : {}),
        },
      }),
    );
    props.ledger.grant(handler, 'dynamodb:GetItem');
    grantSecretValue(props.keyring, handler);
    props.intake.grantSendObservations(handler);
    this.grantEndpoints(handler, props.existingEndpoint);
    return handler;
  }

  private grantEndpoints(handler: lambda.Function, existingEndpoint: string | undefined): void {
    const stack = Stack.of(this);
    const prefix = resourcePrefixOf(this, this.useCaseName);
    // Stable may still be a component, or an endpoint, when the charter asks for the other one.
    const resources = [sagemakerArn(stack, 'endpoint', `${prefix}-*`), sagemakerArn(stack, 'inference-component', `${prefix}-*`)];
    if (existingEndpoint !== undefined) resources.push(sagemakerArn(stack, 'endpoint', existingEndpoint.toLowerCase()));
    // SageMaker's reference of the operation asks for the first, its managed policies give both.
    const streamed = this.streaming ? ['sagemaker:InvokeEndpointWithResponseStream'] : [];
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:InvokeEndpoint', ...streamed], resources }));
    acknowledgeResources(
      handler.role ?? handler,
      'Endpoints and components are made at run time by releases: their names begin with the prefix of this use case, which no other use case shares.',
      ...resources.slice(0, 2),
    );
  }
}

function checkTimeout(millis: number): number {
  if (!Number.isInteger(millis) || millis < 50 || millis > 25_000) {
    throw new Error(`invokeTimeoutMillis is ${millis}: it must be a whole number of milliseconds from 50 to 25000, such as 5000.`);
  }
  return millis;
}
