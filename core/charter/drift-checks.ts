import { findIn } from '../drift/read/path';
import { formatOf, numericCount, watchesDrift } from './drift-policy';
import type { Finding, PathPart } from './problem';
import type { Charter } from './schema';
import { type DriftSection, type DriftSectionFeature, PATH } from './sections/drift';
import { didYouMean } from './suggest';

/** Of checks that are about no single feature. */
const RESERVED_NAMES = ['joint', 'captures', 'records', 'accuracy', 'precision', 'recall', 'calibration-error', 'mae'];

const at = (...rest: PathPart[]): PathPart[] => ['drift', ...rest];

/** How the fields of the drift section fit together, and the rest of the charter. */
export function driftFindings(charter: Charter): Finding[] {
  const { drift } = charter;
  if (drift === undefined) return [];
  return [...surroundingFindings(charter, drift), ...driftSectionFindings(drift)];
}

/** Of the section alone, wherever it stands. */
export function driftSectionFindings(drift: DriftSection): Finding[] {
  return [
    ...jointFindings(drift),
    ...drift.features.flatMap((feature, index) => featureFindings(drift, feature, index)),
    ...pathFindings(drift),
    ...csvFindings(drift),
    ...baselineFindings(drift),
    ...groupFindings(drift),
    ...truthFindings(drift),
  ];
}

function surroundingFindings(charter: Charter, drift: DriftSection): Finding[] {
  const findings: Finding[] = [];
  const { serving, owners, rollout } = charter;
  if (watchesDrift(charter) && serving.capture === undefined) {
    const allowed = 'serving.capture, such as capture: {}: drift is seen in captured requests and answers';
    findings.push({ path: ['serving', 'capture'], message: 'is missing', allowed });
  }
  if (drift.owner !== undefined && !Object.hasOwn(owners, drift.owner)) {
    const known = Object.keys(owners);
    const allowed = `a role named under owners: ${known.join(', ')}`;
    findings.push({ path: at('owner'), message: 'names a role that has no owner', allowed, suggestion: didYouMean(drift.owner, known) });
  }
  if (drift.kpiMovement === true && rollout.holdout === 0) {
    const allowed = 'false, or rollout.holdout above 0: KPIs are held against the units that stay with the baseline';
    findings.push({ path: at('kpiMovement'), message: 'has nothing to hold KPIs against', allowed });
  }
  return [...findings, ...retentionFindings(charter.charter.data.retentionDays, drift)];
}

/** What is older is gone. */
function retentionFindings(retentionDays: number, drift: DriftSection): Finding[] {
  const findings: Finding[] = [];
  const { baseline, windows } = drift;
  const kept = `at most ${retentionDays}d, as charter.data.retention says: captures and counts are not kept for longer`;
  if ((baseline.firstDays ?? 0) > retentionDays) {
    findings.push({ path: at('baseline', 'firstDays'), message: 'ends after its first day is gone', allowed: kept });
  }
  if (Math.max(...windows) > retentionDays * 24) {
    findings.push({ path: at('windows'), message: 'has a window of which a part is gone', allowed: `windows of ${kept}` });
  }
  if (drift.truth !== undefined && drift.truth.window > retentionDays * 1440) {
    const allowed = `at most ${retentionDays}d, as charter.data.retention says: decisions are not kept for longer`;
    findings.push({ path: at('truth', 'window'), message: 'ends after decisions are gone', allowed });
  }
  return findings;
}

function jointFindings(drift: DriftSection): Finding[] {
  if (drift.joint !== true || numericCount(drift) >= 2) return [];
  return [{ path: at('joint'), message: 'has nothing to be seen together', allowed: 'false, or at least two numeric features' }];
}

/** Which keys belong to which type. */
const OF_TYPE = { range: 'numeric', oneOf: 'categorical', derive: 'text' } as const;

function featureFindings(drift: DriftSection, feature: DriftSectionFeature, index: number): Finding[] {
  const path = (...rest: PathPart[]): PathPart[] => at('features', index, ...rest);
  const findings: Finding[] = [];
  if (drift.features.findIndex(({ name }) => name === feature.name) !== index) {
    findings.push({ path: path('name'), message: 'names a feature twice', allowed: 'each name once' });
  }
  if (RESERVED_NAMES.includes(feature.name)) {
    const allowed = `another name than ${RESERVED_NAMES.join(', ')}`;
    findings.push({ path: path('name'), message: 'is taken by a check of Sluice itself', allowed });
  }
  for (const [key, type] of Object.entries(OF_TYPE)) {
    if (feature[key as keyof typeof OF_TYPE] === undefined || feature.type === type) continue;
    const allowed = `no ${key} where the type is ${feature.type}: it says something of ${type} features`;
    findings.push({ path: path(key), message: `does not go with the type ${feature.type}`, allowed });
  }
  if (feature.output === undefined && feature.derive?.includes('refusal') === true) {
    findings.push({ path: path('derive'), message: 'looks for refusals in a request', allowed: 'refusal of outputs only' });
  }
  const twice = feature.oneOf !== undefined && new Set(feature.oneOf).size < feature.oneOf.length;
  if (twice) findings.push({ path: path('oneOf'), message: 'names a value twice', allowed: 'each value once' });
  return findings;
}

/** Of JSON bodies: what is wrong with a path would else show when the first request is read. */
function pathFindings({ features, csv }: DriftSection): Finding[] {
  return features.flatMap((feature, index) => {
    const side = feature.input === undefined ? 'output' : 'input';
    const path = feature[side];
    if (path === undefined || csv?.[side] !== undefined || isPath(path)) return [];
    const quoted = path
      .split('.')
      .map((step) => (isPath(step) ? step : JSON.stringify(step)))
      .join('.');
    const suggestion = isPath(quoted) ? `Did you mean ${quoted}?` : undefined;
    return [{ path: at('features', index, side), message: 'is no JMESPath', allowed: PATH, suggestion }];
  });
}

function isPath(path: string): boolean {
  try {
    findIn(path);
    return true;
  } catch {
    return false;
  }
}

function csvFindings({ csv, features }: DriftSection): Finding[] {
  return (['input', 'output'] as const).flatMap((side) => {
    const columns = csv?.[side];
    if (columns === undefined) return [];
    const findings: Finding[] = [];
    if (new Set(columns).size < columns.length) {
      findings.push({ path: at('csv', side), message: 'names a column twice', allowed: 'each column once' });
    }
    features.forEach((feature, index) => {
      const column = feature[side];
      const known = column === undefined || columns.includes(column) || (/^\d+$/.test(column) && Number(column) < columns.length);
      if (known) return;
      const allowed = `one of ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ', …' : ''}, as in drift.csv.${side}`;
      const suggestion = didYouMean(column, columns);
      findings.push({ path: at('features', index, side), message: 'names a column that is not there', allowed, suggestion });
    });
    return findings;
  });
}

function baselineFindings(drift: DriftSection): Finding[] {
  const { baseline, rhythm } = drift;
  const { trainingData, statistics, constraints, firstDays, format, timeColumn } = baseline;
  const findings: Finding[] = [];
  const stray = (key: 'format' | 'timeColumn' | 'constraints', beside: string): void => {
    findings.push({ path: at('baseline', key), message: `says nothing without ${beside}`, allowed: `${key} only beside ${beside}` });
  };
  if (trainingData === undefined && format !== undefined) stray('format', 'trainingData');
  if (trainingData === undefined && timeColumn !== undefined) stray('timeColumn', 'trainingData');
  if (statistics === undefined && constraints !== undefined) stray('constraints', 'statistics');
  if (statistics !== undefined) findings.push(...statisticsFindings(drift));
  if (trainingData !== undefined && format === undefined && formatOf(trainingData) === undefined) {
    const allowed = 'csv, jsonl or parquet, or a file whose name ends so';
    findings.push({ path: at('baseline', 'format'), message: 'is missing', allowed });
  }
  if (rhythm === 'none') return findings;
  const least = rhythm === 'weekly' ? 7 : 1;
  const knowsHours = trainingData === undefined ? (firstDays ?? 0) >= least : timeColumn !== undefined;
  if (!knowsHours) {
    const allowed = `none, or a baseline whose rows have times: firstDays of at least ${least}d, or trainingData with timeColumn`;
    findings.push({ path: at('rhythm'), message: 'is not known from this baseline', allowed });
  }
  return findings;
}

/** SageMaker's statistics are of single columns. */
function statisticsFindings({ features, groups, joint }: DriftSection): Finding[] {
  const instead = 'with a baseline of statistics, or a baseline of trainingData or firstDays';
  const texts = features.flatMap(({ type }, index): Finding[] =>
    type === 'text'
      ? [{ path: at('features', index, 'type'), message: 'is not in statistics', allowed: `numeric or categorical ${instead}` }]
      : [],
  );
  return [
    ...texts,
    ...(groups === undefined ? [] : [{ path: at('groups'), message: 'is not in statistics', allowed: `no groups ${instead}` }]),
    ...(joint === true ? [{ path: at('joint'), message: 'is not in statistics', allowed: `false ${instead}` }] : []),
  ];
}

/** A feature that another part of the section names; nothing where it fits. */
function namedFinding(drift: DriftSection, path: PathPart[], name: string, what: string, fits: (feature: DriftSectionFeature) => boolean) {
  const suitable = drift.features.filter(fits).map((feature) => feature.name);
  if (suitable.includes(name)) return [];
  const allowed = suitable.length === 0 ? `${what}: drift.features has none` : `${what}: ${suitable.join(', ')}`;
  const known = drift.features.some((feature) => feature.name === name);
  const message = known ? `is no ${what.replace(/^an? /, '')}` : 'names a feature that is not there';
  return [{ path, message, allowed, suggestion: didYouMean(name, suitable) }];
}

function groupFindings(drift: DriftSection): Finding[] {
  const { groups } = drift;
  if (groups === undefined) return [];
  const isCategorical = ({ type }: DriftSectionFeature): boolean => type === 'categorical';
  const same = groups.by === groups.outcome;
  return [
    ...namedFinding(drift, at('groups', 'by'), groups.by, 'a categorical feature', isCategorical),
    ...namedFinding(drift, at('groups', 'outcome'), groups.outcome, 'a categorical feature', isCategorical),
    ...(same ? [{ path: at('groups', 'outcome'), message: 'is the group itself', allowed: 'another feature than groups.by' }] : []),
  ];
}

/** Which keys belong to which kind of truth. */
const OF_CLASSIFICATION = [
  'positive',
  'confidence',
  'accuracyAtLeast',
  'precisionAtLeast',
  'recallAtLeast',
  'calibrationErrorAtMost',
] as const;

function truthFindings(drift: DriftSection): Finding[] {
  const { truth } = drift;
  if (truth === undefined) return [];
  const type = truth.kind === 'regression' ? 'numeric' : 'categorical';
  const findings: Finding[] = namedFinding(drift, at('truth', 'prediction'), truth.prediction, `a ${type} output feature`, (feature) => {
    return feature.output !== undefined && feature.type === type;
  });
  const wrong = truth.kind === 'regression' ? OF_CLASSIFICATION : (['maeAtMost'] as const);
  for (const key of wrong) {
    if (truth[key] === undefined) continue;
    const allowed = `no ${key} where the kind is ${truth.kind}`;
    findings.push({ path: at('truth', key), message: `does not go with ${truth.kind}`, allowed });
  }
  if (truth.kind === 'regression') return findings;
  const needsPositive = truth.precisionAtLeast !== undefined || truth.recallAtLeast !== undefined;
  if (needsPositive && truth.positive === undefined) {
    findings.push({ path: at('truth', 'positive'), message: 'is missing', allowed: 'the label that precision and recall are about' });
  }
  if (truth.calibrationErrorAtMost !== undefined && truth.confidence === undefined) {
    const allowed = 'the numeric output feature that says how sure the model is';
    findings.push({ path: at('truth', 'confidence'), message: 'is missing', allowed });
  }
  if (truth.confidence === undefined) return findings;
  return [
    ...findings,
    ...namedFinding(
      drift,
      at('truth', 'confidence'),
      truth.confidence,
      'a numeric output feature',
      (feature) => feature.output !== undefined && feature.type === 'numeric',
    ),
  ];
}

/** Files beside the charter that the section names. */
export function driftFiles({ drift }: Charter): { path: PathPart[]; file: string }[] {
  if (drift === undefined) return [];
  return (['trainingData', 'statistics', 'constraints'] as const).flatMap((key) => {
    const data = drift.baseline[key];
    return data !== undefined && 'file' in data ? [{ path: at('baseline', key), file: data.file }] : [];
  });
}
