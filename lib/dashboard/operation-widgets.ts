import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { EndpointWatch } from '../incident/endpoint-watch';
import type { ReleaseWorkflow } from '../release/release-workflow';

const HOUR = Duration.hours(1);

/** A row on what was released and what went wrong. */
export function operationWidgets(release: ReleaseWorkflow | undefined, watch: EndpointWatch | undefined): cloudwatch.IWidget[] {
  return [...(release === undefined ? [] : [releases(release)]), ...(watch === undefined ? [] : incidents(watch))];
}

function releases({ workflow }: ReleaseWorkflow): cloudwatch.IWidget {
  const options = { period: HOUR, statistic: 'Sum' };
  return new cloudwatch.GraphWidget({
    title: 'Releases',
    width: 8,
    left: [
      workflow.metricStarted({ ...options, label: 'begun' }),
      workflow.metricSucceeded({ ...options, label: 'ended with evidence' }),
      workflow.metricFailed({ ...options, label: 'lost: cleaned up' }),
    ],
    leftYAxis: { min: 0, showUnits: false },
  });
}

function incidents(watch: EndpointWatch): cloudwatch.IWidget[] {
  return [
    new cloudwatch.GraphWidget({
      title: 'Incidents opened',
      width: 8,
      left: [watch.metricIncidentsOpened({ period: HOUR, label: 'incidents' })],
      leftYAxis: { min: 0, showUnits: false },
    }),
    new cloudwatch.GraphWidget({
      title: 'Seconds to detect and to recover, the longest',
      width: 8,
      left: [
        watch.metricTimeToDetectInSeconds({ period: HOUR, label: 'to detect' }),
        watch.metricTimeToRecoverInSeconds({ period: HOUR, label: 'to recover' }),
      ],
      leftYAxis: { min: 0, label: 's', showUnits: false },
    }),
  ];
}
