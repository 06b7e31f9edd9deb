import { Duration, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { checkUseCaseName } from '../shared/names';

/** Which chat is told, and of which use case. */
export interface ChatWebhookProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Bus on which the use case announces. */
  readonly eventBus: events.IEventBus;

  /**
   * Name of a secret in Secrets Manager that holds the URL of an incoming webhook: HTTPS, taking `{ "text": … }`. The secret is not
   * made here; where it is encrypted with a key of its own, that key must let the handler's role decrypt.
   */
  readonly secretName: string;

  /**
   * Key that encrypts the handler's environment.
   *
   * @default - keys managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

const KEPT_HOURS = 1;

/**
 * Tells a chat what the owners are told.
 *
 * @example
 * declare const notifications: OwnerNotifications;
 * new ChatWebhook(this, 'Chat', {
 *   useCaseName: 'support-triage',
 *   eventBus: notifications.eventBus,
 *   secretName: 'chat/model-ops',
 * });
 */
export class ChatWebhook extends Construct {
  /** The function that posts. */
  readonly handler: lambda.IFunction;

  /**
   * @param scope where the webhook belongs
   * @param id unique within the scope
   * @param props which chat, and what it is told
   * @throws when the name is not allowed
   */
  constructor(scope: Construct, id: string, props: ChatWebhookProps) {
    super(scope, id);
    const useCaseName = checkUseCaseName(props.useCaseName);
    const { secretName, encryptionKey } = props;
    this.handler = this.createHandler(useCaseName, secretName, encryptionKey);
    new events.Rule(this, 'Rule', {
      description: `${useCaseName}: what owners are told, to the chat`,
      eventBus: props.eventBus,
      // Only what is meant for people has a subject and a severity.
      eventPattern: {
        source: ['sluice'],
        detail: { useCase: [useCaseName], severity: ['info', 'warning', 'page'], subject: [{ exists: true }] },
      },
      targets: [new targets.LambdaFunction(this.handler, { maxEventAge: Duration.hours(KEPT_HOURS) })],
    });
  }

  /**
   * Messages that the chat did not take.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.handler.metricErrors(options);
  }

  private createHandler(useCaseName: string, secretName: string, encryptionKey: kms.IKey | undefined): lambda.Function {
    const handler = createHandler(this, 'Handler', {
      handler: 'chat',
      description: 'tells a chat what the owners are told',
      useCaseName,
      encryptionKey,
      environment: { CHAT_WEBHOOK_SECRET: secretName },
    });
    // Secrets Manager appends a hyphen and six characters to the name.
    const secret = Stack.of(this).formatArn({ service: 'secretsmanager', resource: `secret:${secretName}-??????` });
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret] }));
    acknowledgeResources(handler.role ?? handler, 'The end of the ARN of a secret that was made elsewhere is not known.', secret);
    encryptionKey?.grantDecrypt(handler);
    return handler;
  }
}
