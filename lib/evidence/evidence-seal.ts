import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BUNDLES, HEADS, KEYS } from '../../core/evidence';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { checkUseCaseName } from '../shared/names';
import type { EvidenceStore } from './evidence-store';

/** What is signed. */
export interface EvidenceSealProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where bundles come from and signed heads go. */
  readonly store: EvidenceStore;

  /**
   * Key that encrypts the store and the handler's environment.
   *
   * @default - keys managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Signs every evidence bundle with a key that whoever writes bundles cannot use: rewriting the past then takes the key, not only the bucket.
 * The signed heads form a chain of their own beside the bundles'. The key stays when the stack goes, as the bucket does.
 *
 * @example
 * declare const store: EvidenceStore;
 * new EvidenceSeal(this, 'Seal', { useCaseName: 'support-triage', store });
 */
export class EvidenceSeal extends Construct {
  /** The signing key: ECDSA over NIST P-256. Only the handler may sign; the account's administrators keep its management. */
  readonly key: kms.IKey;

  /** The handler that signs. */
  readonly handler: lambda.IFunction;

  /**
   * @param scope where the seal belongs
   * @param id unique within the scope
   * @param props what is signed
   * @throws when the name is not allowed
   */
  constructor(scope: Construct, id: string, props: EvidenceSealProps) {
    super(scope, id);
    const useCaseName = checkUseCaseName(props.useCaseName);
    const { store, encryptionKey } = props;
    const handler = createHandler(this, 'Handler', {
      handler: 'seal',
      description: 'signs evidence bundles',
      useCaseName,
      timeoutSeconds: 60,
      encryptionKey,
      environment: { EVIDENCE_BUCKET: store.bucket.bucketName },
    });
    this.handler = handler;
    this.key = this.createKey(useCaseName, handler);
    handler.addEnvironment('SIGNING_KEY_ARN', this.key.keyArn);
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [this.key.keyArn] }));
    encryptionKey?.grantEncryptDecrypt(handler);
    store._readBy(handler, BUNDLES, HEADS);
    store._writtenBy(handler, HEADS, KEYS);
    new events.Rule(this, 'Bundles', {
      description: `${useCaseName}: evidence bundles to sign`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [store.bucket.bucketName] }, object: { key: events.Match.prefix(BUNDLES) } },
      },
      targets: [new targets.LambdaFunction(handler, { retryAttempts: 10, maxEventAge: Duration.hours(6) })],
    });
    createSchedule(this, {
      handler,
      description: `${useCaseName}: signs what no event told of, every hour`,
      expression: 'cron(25 * * * ? *)',
      retries: 3,
      maxAgeSeconds: 1800,
    });
  }

  /**
   * Allows reading the public key, for auditors.
   *
   * @param grantee who is allowed
   */
  grantVerify(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: ['kms:GetPublicKey', 'kms:DescribeKey'], resourceArns: [this.key.keyArn] });
  }

  /**
   * How often signing failed: a bundle that waits, or one that does not fit.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.handler.metricErrors(options);
  }

  private createKey(useCaseName: string, handler: lambda.Function): kms.Key {
    const role = handler.role ?? handler.grantPrincipal;
    const roleArn = handler.role?.roleArn ?? '';
    return new kms.Key(this, 'Key', {
      description: `${useCaseName}: signs evidence`,
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new iam.PolicyDocument({
        statements: [
          // Without kms:Sign and without grants: no policy in the account can give what this one withholds.
          new iam.PolicyStatement({
            sid: 'Management',
            principals: [new iam.AccountRootPrincipal()],
            actions: MANAGEMENT,
            resources: ['*'],
          }),
          new iam.PolicyStatement({ sid: 'Sign', principals: [role as iam.IPrincipal], actions: ['kms:Sign'], resources: ['*'] }),
          new iam.PolicyStatement({
            sid: 'NobodyElseSigns',
            effect: iam.Effect.DENY,
            principals: [new iam.AnyPrincipal()],
            actions: ['kms:Sign'],
            resources: ['*'],
            conditions: { ArnNotEquals: { 'aws:PrincipalArn': roleArn } },
          }),
        ],
      }),
    });
  }
}

const MANAGEMENT = [
  'kms:Describe*',
  'kms:Get*',
  'kms:List*',
  'kms:Verify',
  'kms:PutKeyPolicy',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:UpdateKeyDescription',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:CreateAlias',
  'kms:UpdateAlias',
  'kms:DeleteAlias',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
];
