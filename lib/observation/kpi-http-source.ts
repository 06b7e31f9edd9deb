import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Ledger } from '../ledger/ledger';
import { createHandler } from '../shared/handler-function';
import type { ObservationIntake } from './observation-intake';

export interface KpiHttpSourceProps {
  readonly useCaseName: string;
  readonly ledger: Ledger;
  readonly intake: ObservationIntake;
  readonly encryptionKey?: kms.IKey;
}

/** A function URL that takes KPI events in batches. */
export class KpiHttpSource extends Construct {
  readonly url: string;
  private readonly functionUrl: lambda.FunctionUrl;

  constructor(scope: Construct, id: string, props: KpiHttpSourceProps) {
    super(scope, id);
    const { intake } = props;
    const handler = createHandler(this, 'Handler', {
      handler: 'kpi-http',
      description: 'takes batches of KPI events over HTTPS',
      useCaseName: props.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      encryptionKey: props.encryptionKey,
      environment: { OBSERVATION_QUEUE_URL: intake.queue.queueUrl },
    });
    intake.grantSendObservations(handler);
    this.functionUrl = handler.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    this.url = this.functionUrl.url;
  }

  /** AWS asks for `lambda:InvokeFunctionUrl` and for `lambda:InvokeFunction` through the URL. */
  grantPost(grantee: iam.IGrantable): iam.Grant {
    return this.functionUrl.grantInvokeUrl(grantee);
  }
}
