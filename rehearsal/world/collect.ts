import type { Callers } from './callers';
import { keptEvidence } from './evidence';
import { executionTold } from './executions';
import type { History } from './history';
import type { KpiProducer } from './kpi-producer';
import type { Laptop } from './laptop';
import type { Witness } from './witness';

export interface CollectInput {
  laptop: Laptop;
  witness: Witness;
  callers: Callers;
  producer: KpiProducer;
  startMillis: number;
  destroyedSinceMillis?: number;
  isDestroyed: boolean;
  evidenceBucket: string | undefined;
}

/** Puts together what all witnesses saw. */
export function collectHistory(input: CollectInput): History {
  const { laptop, witness, callers, producer, startMillis, destroyedSinceMillis, isDestroyed, evidenceBucket } = input;
  return {
    startMillis,
    endMillis: laptop.clock.now(),
    control: witness.control,
    invocations: laptop.sageMaker.invocations.map(({ atMillis, endpointName, variantName, modelName, inferenceId, caller }) => ({
      atMillis,
      endpointName,
      variantName,
      modelName,
      ...(inferenceId === undefined ? {} : { inferenceId }),
      ...(caller === undefined ? {} : { caller }),
    })),
    answers: callers.answers,
    kpiSent: producer.sent,
    ledger: witness.ledger(),
    releases: witness.releases(),
    approvals: witness.approvals(),
    approvedAtMillis: witness.approvedAtMillis,
    incidents: witness.incidents(),
    refusals: witness.refusals(),
    retrainings: witness.retrainings(),
    openExecutions: laptop.openExecutions(),
    executions: laptop.executions().map(executionTold),
    ...keptEvidence(laptop, evidenceBucket),
    sightings: witness.sightings,
    metered: laptop.sageMaker.metered(),
    meteredServerless: laptop.sageMaker.meteredServerless(),
    standingResources: laptop.standingResources(),
    ...(destroyedSinceMillis === undefined ? {} : { destroyedSinceMillis }),
    isDestroyed,
    iam: laptop.cloud.iam.report(),
  };
}
