import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { EndpointAlarms, EndpointInstance, EndpointScaling, ModelEndpoint, ModelSource, ScalingTarget, Serving } from 'cdk-sluice';
import type { Construct } from 'constructs';

export interface TranscriptionStackProps extends StackProps {
  readonly onCall: sns.ITopic;
}

/** Calls are transcribed over night: nothing runs, and nothing is paid, while no call waits. */
export class TranscriptionStack extends Stack {
  constructor(scope: Construct, id: string, { onCall, ...props }: TranscriptionStackProps) {
    super(scope, id, props);
    const endpoint = new ModelEndpoint(this, 'Transcription', {
      serving: Serving.asynchronous({
        variant: {
          name: 'main',
          model: ModelSource.container({
            image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/transcription:2.0.1',
            artefact: 's3://models-111122223333/transcription/2.0.1.tar.gz',
          }),
          instance: EndpointInstance.G5_2XLARGE,
          startupTimeout: Duration.minutes(15),
        },
        concurrentPerInstance: 2,
      }),
    });
    const scaling = new EndpointScaling(this, 'Scaling', { endpoint });
    scaling.scaleVariant({ minCapacity: 0, maxCapacity: 4, target: ScalingTarget.backlog(5) });
    new EndpointAlarms(this, 'Alarms', { endpoint, actions: [new SnsAction(onCall)], thresholds: { oldestRequestMinutes: 60 } });
  }
}
