import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** How the ledger of a use case is kept. */
export interface LedgerProps {
  /**
   * Key that encrypts the table.
   *
   * @default - a key owned by AWS: no charge, nothing to manage
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the table when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The memory of one use case: the control record that owns traffic, releases, approvals, decisions, and KPI counters.
 *
 * One DynamoDB table on demand, with point-in-time recovery, kept when the stack goes.
 *
 * @example
 * const ledger = new Ledger(this, 'Ledger');
 */
export class Ledger extends Construct {
  /** The table: keys `pk` and `sk`, time to live in `expiresAt` (epoch seconds). */
  readonly table: dynamodb.ITable;

  /**
   * @param scope where the ledger belongs
   * @param id unique within the scope
   * @param props how the ledger is kept
   */
  constructor(scope: Construct, id: string, props?: LedgerProps) {
    super(scope, id);
    const removalPolicy = props?.removalPolicy ?? RemovalPolicy.RETAIN;
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      encryption: props?.encryptionKey === undefined ? dynamodb.TableEncryption.DEFAULT : dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props?.encryptionKey,
      removalPolicy,
    });
  }

  /**
   * Allows exactly the given DynamoDB actions on the table, and the use of its key.
   *
   * @param grantee who is allowed
   * @param actions such as `dynamodb:GetItem`
   */
  grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    const writes = actions.some((action) => !/:(Get|Query|Scan|BatchGet|ConditionCheck)/.test(action));
    if (this.table.encryptionKey !== undefined) {
      if (writes) this.table.encryptionKey.grantEncryptDecrypt(grantee);
      else this.table.encryptionKey.grantDecrypt(grantee);
    }
    return this.table.grant(grantee, ...actions);
  }

  /**
   * Allows reading items and querying counters, for reports and audits.
   *
   * @param grantee who is allowed
   */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'dynamodb:GetItem', 'dynamodb:Query');
  }
}
