import type { DriftPolicy, FeaturePolicy, TruthPolicy } from '../../contracts';

/**
 * What belongs to the model that answers, from the policy that it came with: what is watched where, and against what. What belongs to its
 * owners, from the one that is deployed now: limits, thresholds, windows, whom to tell.
 */
export function boundTo(model: DriftPolicy, deployed: DriftPolicy): DriftPolicy {
  const { windowsHours, falseAlarmsPerYear, minimumRows, kpiMovement, brokenShareAbove, owner } = deployed;
  const threshold = deployed.groups?.threshold;
  return {
    ...{ windowsHours, falseAlarmsPerYear, minimumRows, kpiMovement, brokenShareAbove, owner },
    features: model.features.map((feature) => limitedAs(feature, deployed.features)),
    baseline: model.baseline,
    rhythm: model.rhythm,
    joint: model.joint,
    ...(model.csv === undefined ? {} : { csv: model.csv }),
    ...(model.groups === undefined ? {} : { groups: { ...model.groups, ...(threshold === undefined ? {} : { threshold }) } }),
    ...truthOf(model, deployed),
  };
}

/** Of a feature that is not watched any more, the limits are those that it had. */
function limitedAs(feature: FeaturePolicy, deployed: FeaturePolicy[]): FeaturePolicy {
  const now = deployed.find(({ name, kind }) => name === feature.name && kind === feature.kind);
  if (now === undefined) return feature;
  const { name, side, path, kind, derive } = feature;
  const { threshold, completenessAtLeast, atLeast, atMost, oneOf } = now;
  const limits = { threshold, completenessAtLeast, atLeast, atMost, oneOf };
  const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  return { name, side, path, kind, ...(derive === undefined ? {} : { derive }), ...given };
}

function truthOf({ truth }: DriftPolicy, { truth: now }: DriftPolicy): Pick<DriftPolicy, 'truth'> {
  if (truth === undefined || now === undefined || now.kind !== truth.kind) return truth === undefined ? {} : { truth };
  const { prediction, confidence, kind, positive } = truth;
  const merged: TruthPolicy = { ...now, prediction, kind };
  delete merged.confidence;
  delete merged.positive;
  return { truth: { ...merged, ...(confidence === undefined ? {} : { confidence }), ...(positive === undefined ? {} : { positive }) } };
}
