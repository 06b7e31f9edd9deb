import type { EvidenceBundle } from '../../core/contracts';
import type { Callers } from './callers';
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
  goneSinceMillis?: number;
  destroyedSinceMillis?: number;
  evidenceBucket: string | undefined;
}

const EVIDENCE_PREFIX = 'releases/';

/** Puts together what all witnesses saw. */
export function collectHistory(input: CollectInput): History {
  const { laptop, witness, callers, producer, startMillis, goneSinceMillis, destroyedSinceMillis, evidenceBucket } = input;
  const evidence =
    evidenceBucket === undefined ? [] : laptop.objects(evidenceBucket, EVIDENCE_PREFIX).map((text) => JSON.parse(text) as EvidenceBundle);
  return {
    startMillis,
    endMillis: laptop.clock.now(),
    control: witness.control,
    invocations: laptop.sageMaker.invocations.map(({ atMillis, endpointName, variantName, modelName, inferenceId }) => ({
      atMillis,
      endpointName,
      variantName,
      modelName,
      ...(inferenceId === undefined ? {} : { inferenceId }),
    })),
    answers: callers.answers,
    kpiSent: producer.sent,
    ledger: witness.ledger(),
    releases: witness.releases(),
    approvals: witness.approvals(),
    approvedAtMillis: witness.approvedAtMillis,
    evidence,
    sightings: witness.sightings,
    standingResources: laptop.standingResources(),
    ...(goneSinceMillis === undefined ? {} : { goneSinceMillis }),
    ...(destroyedSinceMillis === undefined ? {} : { destroyedSinceMillis }),
    iam: laptop.cloud.iam.report(),
  };
}
