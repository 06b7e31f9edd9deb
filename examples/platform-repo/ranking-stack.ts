import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as sns from 'aws-cdk-lib/aws-sns';
import {
  Deployment,
  EndpointAlarms,
  EndpointInstance,
  EndpointScaling,
  EndpointSlo,
  ModelEndpoint,
  ModelSource,
  RollbackAlarm,
  Routing,
  ScalingTarget,
  Serving,
  SloObjective,
} from 'cdk-sluice';
import type { Construct } from 'constructs';

export interface RankingStackProps extends StackProps {
  readonly vpc: ec2.IVpc;
  readonly onCall: sns.ITopic;
}

/** A ranking model on GPUs, with an experiment beside it that gets a tenth of the requests. */
export class RankingStack extends Stack {
  constructor(scope: Construct, id: string, { vpc, onCall, ...props }: RankingStackProps) {
    super(scope, id, props);
    const endpoint = new ModelEndpoint(this, 'Ranking', {
      endpointName: 'ranking',
      serving: Serving.realTime({ variants: [variant('main', '4.2.0', 9), variant('experiment', '4.3.0-rc1', 1)] }),
      vpc,
      networkIsolation: true,
      // The new instances answer a tenth of the requests first; should they fail, SageMaker goes back by itself.
      deployment: Deployment.blueGreenCanary({
        percent: 10,
        wait: Duration.minutes(15),
        rollbackAlarms: [RollbackAlarm.serverErrors(), RollbackAlarm.modelLatency({ p95Millis: 400 })],
      }),
      capture: { samplingPercent: 5, jsonContentTypes: ['application/json'] },
    });

    // Weights and counts of the running endpoint survive every deploy, and so may the instance type change.
    const scaling = new EndpointScaling(this, 'Scaling', { endpoint });
    scaling.scaleVariant({
      variantName: 'main',
      minCapacity: 1,
      maxCapacity: 6,
      target: ScalingTarget.concurrentRequests(4),
      schedules: [{ from: '07:00', to: '22:00', timeZone: 'Europe/Dublin', minCapacity: 2, maxCapacity: 6, warmUp: Duration.minutes(30) }],
    });

    const page = new SnsAction(onCall);
    new EndpointAlarms(this, 'Alarms', { endpoint, actions: [page], thresholds: { latencyP95Millis: 400 } });
    new EndpointSlo(this, 'Availability', {
      endpoint,
      variantName: 'main',
      objective: SloObjective.availability(0.999),
      pageActions: [page],
    });
  }
}

const variant = (name: string, version: string, weight: number) => ({
  name,
  weight,
  model: ModelSource.container({
    image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/ranking:${version}`,
    artefact: `s3://models-111122223333/ranking/${version}.tar.gz`,
  }),
  instance: EndpointInstance.G6_XLARGE,
  routing: Routing.leastOutstanding(),
  startupTimeout: Duration.minutes(10),
});
