import type { CapacityPolicy, SeenCapacity } from '../../core/capacity';
import type { CreateEndpoint } from '../../core/release/sagemaker';
import type { Notifier } from '../../core/contracts';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Ledger } from '../shared/ledger';
import type { ScalingParts } from '../shared/scaling';

/** What of the endpoint is asked and changed. */
export interface Endpoints {
  look(name: string): Promise<SeenCapacity>;
  create(input: CreateEndpoint): Promise<void>;
  delete(name: string): Promise<void>;
  setInstances(name: string, variantName: string, instances: number): Promise<void>;
}

export interface CapacityParts {
  useCase: string;
  /** What names of everything made at run time begin with. */
  prefix: string;
  /** The charter's, beside those of every release. */
  tags: Record<string, string>;
  policy: CapacityPolicy;
  ledger: Ledger;
  sfn: SFNClient;
  scaling: ScalingParts;
  endpoints: Endpoints;
  /** The last minute after `fromMillis` in which the arm was asked, as the time of its end; undefined: in none. */
  lastRequest(arm: 'stable' | 'baseline', fromMillis: number, toMillis: number): Promise<number | undefined>;
  /** Likewise, as SageMaker counts it. */
  lastInvocation(endpointName: string, variantName: string, fromMillis: number, toMillis: number): Promise<number | undefined>;
  notify: Notifier;
  measure(values: { wanted: number; parked: boolean; idleMinutes?: number }): void;
  now(): number;
}
