import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BUNDLES, type CardFacts, HEADS } from '../../core/evidence';
import { handlerCode } from '../shared/handler-code';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { checkUseCaseName, resourcePrefixOf } from '../shared/names';
import { RiskClass } from '../use-case/ai-use-case-props';
import type { EvidenceStore } from './evidence-store';

/** What a model card says of the use case, beside what the evidence says of the release. */
export interface ModelCardProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where signed evidence lies. */
  readonly store: EvidenceStore;

  /** What is wrong today, in a sentence. */
  readonly problem: string;

  /** Who works with the answers. */
  readonly users: string;

  /** What the model is to change, with numbers. */
  readonly hypothesis: string;

  /** Day by which the use case is looked at anew, such as `2027-03-31`. */
  readonly reviewBy: string;

  /** How much harm a wrong answer can do. */
  readonly risk: RiskClass;

  /** Whether the data is about people. */
  readonly personalData: boolean;

  /** Where the data comes from. */
  readonly dataSources: string[];

  /** Role → ARNs of the principals who decide in it. */
  readonly owners: Record<string, string[]>;

  /**
   * Key that encrypts the store, the card and the handler's environment.
   *
   * @default - keys managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Keeps a SageMaker model card of the release that answers now, filled from its signed evidence: every promotion, and every return to an
 * earlier release, is a new version of the card. It is made at run time and stays when the stack goes, as the evidence does.
 *
 * @example
 * declare const store: EvidenceStore;
 * new ModelCard(this, 'ModelCard', {
 *   useCaseName: 'support-triage',
 *   store,
 *   problem: 'Agents lose time to spam.',
 *   users: 'support agents',
 *   hypothesis: 'Spam that reaches an agent falls from 8 % to 3 %.',
 *   reviewBy: '2027-03-31',
 *   risk: RiskClass.LIMITED,
 *   personalData: true,
 *   dataSources: ['support mailbox'],
 *   owners: { process: ['arn:aws:iam::111122223333:role/SupportLead'] },
 * });
 */
export class ModelCard extends Construct {
  /** Name of the card. */
  readonly cardName: string;

  /** The handler that fills it. */
  readonly handler: lambda.IFunction;

  /**
   * @param scope where the card belongs
   * @param id unique within the scope
   * @param props what it says of the use case
   * @throws when the name or the risk is not allowed
   */
  constructor(scope: Construct, id: string, props: ModelCardProps) {
    super(scope, id);
    const useCaseName = checkUseCaseName(props.useCaseName);
    const risks = Object.values(RiskClass);
    if (!risks.includes(props.risk)) throw new Error(`risk is '${props.risk}': it must be one of ${risks.join(', ')}.`);
    this.cardName = resourcePrefixOf(this, useCaseName);
    const handler = this.createHandler(useCaseName, props);
    this.handler = handler;
    this.grantCard(handler);
    props.encryptionKey?.grantEncryptDecrypt(handler);
    props.store._readBy(handler, BUNDLES, HEADS);
    new events.Rule(this, 'Signed', {
      description: `${useCaseName}: signed evidence for the model card`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [props.store.bucket.bucketName] }, object: { key: events.Match.prefix(HEADS) } },
      },
      targets: [new targets.LambdaFunction(handler, { retryAttempts: 10, maxEventAge: Duration.hours(6) })],
    });
    createSchedule(this, {
      handler,
      description: `${useCaseName}: the model card, daily`,
      expression: 'cron(40 3 * * ? *)',
      retries: 3,
      maxAgeSeconds: 3600,
    });
  }

  /**
   * How often the card could not be filled.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.handler.metricErrors(options);
  }

  private createHandler(useCaseName: string, props: ModelCardProps): lambda.Function {
    const { store, encryptionKey } = props;
    return withFacts(factsOf(props), (codeDirectory) =>
      createHandler(this, 'Handler', {
        handler: 'model-card',
        description: 'fills the model card from signed evidence',
        useCaseName,
        codeDirectory,
        timeoutSeconds: 60,
        encryptionKey,
        environment: {
          EVIDENCE_BUCKET: store.bucket.bucketName,
          MODEL_CARD_NAME: this.cardName,
          ...(encryptionKey === undefined ? {} : { KMS_KEY_ARN: encryptionKey.keyArn }),
        },
      }),
    );
  }

  private grantCard(handler: lambda.Function): void {
    const card = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'model-card',
      resourceName: this.cardName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const actions = ['CreateModelCard', 'DescribeModelCard', 'UpdateModelCard', 'AddTags'].map((action) => `sagemaker:${action}`);
    handler.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [card] }));
  }
}

function factsOf({ problem, users, hypothesis, reviewBy, risk, personalData, dataSources, owners }: ModelCardProps): CardFacts {
  return { problem, users, hypothesis, reviewBy, risk, personalData, dataSources, owners };
}

/** Puts the handler's bundle and the facts into one directory for the time that `use` needs it: a charter is longer than an environment. */
function withFacts<T>(facts: CardFacts, use: (directory: string) => T): T {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-model-card-'));
  try {
    cpSync(handlerCode('model-card'), directory, { recursive: true });
    writeFileSync(path.join(directory, 'facts.json'), JSON.stringify(facts));
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
