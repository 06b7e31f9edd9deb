import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Notifier } from '../../core/contracts';
import type { Change } from '../../core/release/control';
import type { GuardThresholds } from '../../core/release/guarded';
import type { Surroundings } from '../../core/release/plan';
import type { Ledger } from '../shared/ledger';
import type { ScalingParts } from '../shared/scaling';

export interface StepParts {
  ledger: Ledger;
  s3: S3Client;
  sagemaker: SageMakerClient;
  sfn: SFNClient;
  cloudwatch: CloudWatchClient;
  scaling: ScalingParts;
  /** Missing where the charter asks for no blue/green deployment. */
  guardThresholds?: GuardThresholds;
  evidenceBucket: string;
  surroundings: Surroundings;
  notify: Notifier;
  now(): number;
}

export function nowIso(parts: StepParts): string {
  return new Date(parts.now()).toISOString();
}

export function changeOf(parts: StepParts, reason: string): Change {
  return { at: nowIso(parts), by: 'workflow', reason };
}
