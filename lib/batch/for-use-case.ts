import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AiUseCase } from '../use-case/ai-use-case';
import type { ResolvedUseCase } from '../use-case/resolved-use-case';
import { BatchTransform } from './batch-transform';

/** What scores files; undefined where the charter asks for none. */
export function createBatch(
  useCase: AiUseCase,
  { charter }: ResolvedUseCase,
  encryptionKey: kms.IKey | undefined,
): BatchTransform | undefined {
  const { batch, instance, pools } = charter.serving;
  if (batch === undefined) return undefined;
  const created = new BatchTransform(useCase, 'Batch', {
    useCaseName: charter.name,
    ledger: useCase.ledger,
    release: useCase.release,
    notifications: useCase.notifications,
    schedule: batch.schedule,
    input: batch.input,
    output: batch.output,
    instanceType: batch.instance ?? instance ?? pools?.[0],
    instances: batch.instances,
    contentType: batch.contentType,
    runtimeTags: charter.tags,
    encryptionKey,
  });
  const what = 'Files were not scored: the last execution of the batch workflow says why; it is tried again at its next time.';
  useCase.alarms.tellOf('batch-failed', what, created.metricFailed({ period: Duration.minutes(5) }));
  return created;
}
