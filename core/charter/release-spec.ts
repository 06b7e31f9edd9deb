import type { GatePolicy } from '../contracts/gate';
import type { ModelSpec, ReleaseSpec } from '../contracts/release';
import { couldBeFile } from './files';
import type { Charter } from './schema';
import { servingSpec } from './serving-spec';
import { takeoverOf } from './takeover';

/** What only the place of deployment can tell. */
export interface ResolvedRelease {
  /** For `image` as given; for `container` the region's image. */
  image?: string;
  /** Where the artefact is in S3. */
  artefactUrl?: string;
  modelPackageArn?: string;
  /** What the container needs besides; the charter's own variables win. */
  environment?: Record<string, string>;
  /** Path as written under `behaviour` → SHA-256 of the file, hex. */
  behaviourFiles: Record<string, string>;
  /** With data sets where the stack puts them. */
  gates?: GatePolicy[];
}

const ALPHA = 0.05;
const STRATUM_MINUTES = 5;

/** The charter as the release that a deploy asks for. Sections that do not exist in the charter get the defaults of the schema. */
export function toReleaseSpec(charter: Charter, resolved: ResolvedRelease): ReleaseSpec {
  const { rollout, serving } = charter;
  return {
    useCase: charter.name,
    model: modelSpec(charter, resolved),
    serving: servingSpec(serving),
    behaviour: withFiles(charter.release.behaviour, resolved.behaviourFiles) as Record<string, unknown>,
    rollout: {
      ...takeoverOf(rollout),
      ...(rollout.keepWarmMinutes === undefined ? {} : { keepWarmMinutes: rollout.keepWarmMinutes }),
      ...(rollout.freezes === undefined ? {} : { freezes: rollout.freezes }),
      maxDurationMinutes: rollout.maxDurationMinutes,
      inconclusive: rollout.inconclusive,
      holdout: rollout.holdout,
      rollbackAlpha: ALPHA,
      promotionAlpha: ALPHA,
      promoteEarly: rollout.promoteEarly,
      stratumMinutes: STRATUM_MINUTES,
    },
    kpis: kpiPolicies(charter),
    approvals: charter.approvals,
    ...lanesOf(charter),
    reviewBy: charter.charter.reviewBy,
    ...(resolved.gates === undefined ? {} : { gates: resolved.gates }),
  };
}

/** Where the risk is high, every release is looked at by the whole board. */
const lanesOf = ({ charter, lanes }: Charter): Pick<ReleaseSpec, 'lanes'> =>
  lanes.length === 0 || charter.risk === 'high' ? {} : { lanes };

/** What the ingest handler and the verdict know of the KPIs. */
export function kpiPolicies(charter: Charter): ReleaseSpec['kpis'] {
  return charter.kpis.map((kpi) => ({ ...kpi }));
}

function modelSpec(charter: Charter, resolved: ResolvedRelease): ModelSpec {
  const { model } = charter.release;
  const environment = { ...resolved.environment, ...model.environment };
  const modelPackageArn = resolved.modelPackageArn ?? model.package;
  if (modelPackageArn !== undefined) return { modelPackageArn, environment };
  const image = resolved.image ?? model.image;
  if (image === undefined) throw new Error(`the image of release.model.container ${model.container} is not resolved for a region`);
  const { artefactUrl } = resolved;
  return { image, ...(artefactUrl === undefined ? {} : { artefactUrl }), environment };
}

/** A text that names a file becomes `{ file, sha256 }`, so that a changed prompt is a changed release. */
function withFiles(value: unknown, hashes: Record<string, string>): unknown {
  if (typeof value === 'string' && couldBeFile(value) && Object.hasOwn(hashes, value)) return { file: value, sha256: hashes[value] };
  if (Array.isArray(value)) return value.map((item) => withFiles(item, hashes));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFiles(item, hashes)]));
}
