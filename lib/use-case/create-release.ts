import type * as kms from 'aws-cdk-lib/aws-kms';
import { toReleaseSpec } from '../../core/charter';
import { takeoverOf } from '../../core/charter/takeover';
import type { KpiPolicy } from '../observation/kpi-policy';
import { ReleaseWorkflow } from '../release/release-workflow';
import { RolloutStrategy } from '../release/rollout-strategy';
import { policyOfCharter } from '../release/serving-of';
import type { AiUseCase } from './ai-use-case';
import type { ResolvedUseCase } from './resolved-use-case';

export interface ReleaseParts {
  readonly owners: Record<string, string[]>;
  readonly kpis: KpiPolicy[];
  readonly counterShards: number;
  readonly encryptionKey?: kms.IKey;
}

/** What carries the use case's releases to production. */
export function createRelease(useCase: AiUseCase, resolved: ResolvedUseCase, parts: ReleaseParts): ReleaseWorkflow {
  const { charter, behaviourFiles } = resolved;
  const { vpc, existingEndpoint } = charter.platform;
  const { gates, gateway } = useCase;
  const release = new ReleaseWorkflow(useCase, 'Release', {
    ...parts,
    useCaseName: charter.name,
    ledger: useCase.ledger,
    evidence: useCase.evidence,
    seal: useCase.seal,
    rollback: useCase.rollback,
    gates,
    notifications: useCase.notifications,
    delegates: Object.fromEntries(Object.entries(charter.owners).map(([role, { delegates }]) => [role, delegates])),
    model: resolved.model,
    modelEnvironment: charter.release.model.environment,
    modelSecrets: charter.release.model.secrets,
    rollout: { strategy: RolloutStrategy._of(takeoverOf(charter.rollout)), holdout: charter.rollout.holdout },
    guardThresholds: {
      ...resolved.platform.thresholds,
      latencyP95Millis: resolved.platform.thresholds?.latencyP95Millis ?? gateway.invokeTimeoutMillis * 0.8,
    },
    serving: policyOfCharter(charter.serving),
    registry: charter.release.registry,
    existingEndpoint,
    network: vpc === undefined ? undefined : { subnetIds: vpc.subnets, securityGroupIds: vpc.securityGroups },
    runtimeTags: charter.tags,
    retentionDays: charter.charter.data.retentionDays,
  });
  if (release.asyncData !== undefined) gateway._storesIn(release.asyncData);
  // The charter's own rules say what a release is; only the place of deployment knows what SageMaker runs.
  release._amend(({ model, artefactSha256 }) => ({
    ...toReleaseSpec(charter, { ...model, behaviourFiles, gates: gates?._policies }),
    model,
    ...(artefactSha256 === undefined ? {} : { artefactSha256 }),
    ...(resolved.charterSha256 === undefined ? {} : { charterSha256: resolved.charterSha256 }),
  }));
  return release;
}
