import type { DriftPolicy } from '../../core/contracts';
import { derivationsOf } from '../../core/drift/count';
import { placeOf } from '../shared/drift-policy';
import { logger } from '../shared/telemetry';
import type { KnownBaseline } from './baseline';
import { baselineAt } from './baseline-file';
import type { DriftParts } from './parts';
import type { Stable } from './stable';

/** Where retraining leaves the baseline of the data that the model was trained on. */
const BASELINE_PROPERTY = 'sluice:drift-baseline';

/** Properties of a version of a model package never change. */
const known = new Map<string, string | undefined>();

/** The baseline that came with stable's model; undefined: there is none, or it does not know what is watched today. */
export async function retrainedBaseline(parts: DriftParts, policy: DriftPolicy, stable: Stable): Promise<KnownBaseline | undefined> {
  const uri = await baselineUri(parts, stable);
  if (uri === undefined) return undefined;
  const { bucket, key } = placeOf(uri);
  if (bucket !== parts.bucket.name) {
    logger.warn('The baseline of the model is not in the drift bucket: the charter has the say', { uri });
    return undefined;
  }
  const { baseline } = await baselineAt(parts.bucket, key);
  const watched = policy.features.flatMap((feature) => derivationsOf(feature).map(({ name }) => name));
  const has = new Set(baseline?.layout.features.map(({ name }) => name));
  const lacking = watched.filter((name) => !has.has(name));
  if (baseline === undefined || lacking.length > 0) {
    logger.warn('The baseline of the model cannot be used: the charter has the say', { uri, lacking });
    return undefined;
  }
  return { baseline, key };
}

async function baselineUri(parts: DriftParts, { modelPackageArn }: Stable): Promise<string | undefined> {
  if (modelPackageArn === undefined) return undefined;
  if (!known.has(modelPackageArn)) known.set(modelPackageArn, (await parts.packageProperties(modelPackageArn))?.[BASELINE_PROPERTY]);
  return known.get(modelPackageArn);
}
