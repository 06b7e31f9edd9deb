import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Notifier } from '../../core/contracts';
import type { PriceBook } from '../../core/prices';
import type { Owners } from '../../core/release/principals';
import type { RetrainingSettings } from '../../core/retraining';
import type { Ledger } from '../shared/ledger';

/** Counts, by their metric's name, of the use case. */
export type Measure = (counts: Record<string, number>) => void;

/** What whoever asks for runs needs. */
export interface AskParts {
  useCase: string;
  ledger: Ledger;
  sfn: SFNClient;
  sagemaker: SageMakerClient;
  settings: RetrainingSettings;
  prices: PriceBook;
  region: string;
  machineArn: string;
  owners: Owners;
  notify: Notifier;
  measure: Measure;
  now(): number;
}

/** What the workflow's decisions need. */
export interface WorkflowParts {
  useCase: string;
  ledger: Ledger;
  s3: S3Client;
  sagemaker: SageMakerClient;
  settings: RetrainingSettings;
  prefix: string;
  roleArn: string;
  /** Captures lie in one bucket, truth, data sets and models in the other. */
  captureBucket: string;
  driftBucket: string;
  /** Where the drift policy is, which says what in an answer is the prediction. */
  driftPolicyUri: string;
  tags: Record<string, string>;
  vpcConfig?: { Subnets: string[]; SecurityGroupIds: string[] };
  kmsKeyArn?: string;
  notify: Notifier;
  measure: Measure;
  now(): number;
}

export const isoNow = ({ now }: { now(): number }): string => new Date(now()).toISOString();
