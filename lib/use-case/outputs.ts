import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AiUseCase } from './ai-use-case';

const OUTPUTS = 'sluice:outputs';

/** The first use case of a stack has the plain names; a second one would collide and keeps its path in them. */
export function createOutputs(scope: Construct, useCaseName: string, outputs: Record<string, string | undefined>): void {
  const stack = Stack.of(scope);
  const first = !stack.node.metadata.some(({ type }) => type === OUTPUTS);
  stack.node.addMetadata(OUTPUTS, useCaseName);
  for (const [name, value] of Object.entries(outputs)) {
    if (value === undefined) continue;
    const output = new CfnOutput(scope, name, { value });
    if (first) output.overrideLogicalId(name);
  }
}

/** What callers, producers of KPIs and the command line need to know of a use case. */
export function outputsOf(useCase: AiUseCase): Record<string, string | undefined> {
  const { kpiUrl, kpiFileBucket } = useCase.intake;
  return {
    GatewayUrl: useCase.gateway.url,
    ApprovalUrl: useCase.release.approvalUrl,
    ControlUrl: useCase.rollback.url,
    ReleaseUrl: useCase.release.releaseUrl,
    EventBusName: useCase.intake.eventBus.eventBusName,
    ObservationQueueUrl: useCase.intake.queue.queueUrl,
    KpiUrl: kpiUrl,
    KpiFileBucketName: kpiFileBucket?.bucketName,
    AsyncBucketName: useCase.release.asyncData?.bucketName,
    CaptureBucketName: useCase.release.dataCaptures?.bucketName,
    DriftUrl: useCase.drift?.url,
    DriftBucketName: useCase.drift?.bucket.bucketName,
    RetrainingUrl: useCase.retraining?.url,
    LedgerTableName: useCase.ledger.table.tableName,
    EvidenceBucketName: useCase.evidence.bucket.bucketName,
    EvidenceKeyArn: useCase.seal.key.keyArn,
    ModelCardName: useCase.modelCard.cardName,
    DashboardName: useCase.dashboard.dashboard.dashboardName,
  };
}
