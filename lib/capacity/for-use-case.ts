import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { capacityPolicyOf, needsCapacity } from '../../core/charter/capacity-policies';
import type { UseCaseDashboard } from '../dashboard/use-case-dashboard';
import type { AiUseCase } from '../use-case/ai-use-case';
import type { ResolvedUseCase } from '../use-case/resolved-use-case';
import { EndpointCapacity } from './endpoint-capacity';
import { propsWith } from './policy-of';

/** What looks after the endpoint's capacity; undefined where the charter leaves nothing to look after. */
export function createCapacity(
  useCase: AiUseCase,
  { charter }: ResolvedUseCase,
  encryptionKey: kms.IKey | undefined,
): EndpointCapacity | undefined {
  if (!needsCapacity(charter)) return undefined;
  const props = {
    useCaseName: charter.name,
    ledger: useCase.ledger,
    release: useCase.release,
    notifications: useCase.notifications,
    runtimeTags: charter.tags,
    existingEndpoint: charter.platform.existingEndpoint,
    encryptionKey,
  };
  const capacity = new EndpointCapacity(useCase, 'Capacity', propsWith(props, capacityPolicyOf(charter)));
  useCase.rollback._useCapacity();
  const what = 'Capacity is not looked after: what is off stays off, what is on stays on, nothing is scaled anew.';
  useCase.alarms.tellOf('capacity-errors', what, capacity.metricErrors({ period: Duration.minutes(5) }));
  return capacity;
}

/** A row on how much runs, and how long nobody has asked. */
export function showCapacity({ dashboard }: UseCaseDashboard, capacity: EndpointCapacity | undefined): void {
  if (capacity === undefined) return;
  dashboard.addWidgets(
    new cloudwatch.GraphWidget({
      title: 'Instances wanted (0: switched off)',
      width: 12,
      left: [capacity.metricInstancesWanted({ label: 'at least' })],
      leftYAxis: { min: 0, showUnits: false },
    }),
    new cloudwatch.GraphWidget({
      title: 'Minutes since somebody asked',
      width: 12,
      left: [capacity.metricIdleMinutes({ label: 'idle' })],
      leftYAxis: { min: 0, label: 'min', showUnits: false },
    }),
  );
}
