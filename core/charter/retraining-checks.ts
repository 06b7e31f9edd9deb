import { approvalFindings } from './approval-checks';
import type { Finding, PathPart } from './problem';
import type { Charter } from './schema';
import type { RetrainingSection } from './sections/retraining';

const at = (...rest: PathPart[]): PathPart[] => ['retraining', ...rest];

/** What retraining needs of the rest of the charter, and how its fields fit together. */
export function retrainingFindings(charter: Charter): Finding[] {
  const { retraining } = charter;
  if (retraining === undefined) return [];
  return [
    ...neededFindings(charter),
    ...trainingFindings(retraining.training),
    ...budgetFindings(retraining),
    ...metricFindings(charter, retraining),
    ...inferenceFindings(charter, retraining),
    ...contentTypeFindings(charter, retraining),
    ...kpiFindings(charter, retraining),
    ...retentionFindings(charter, retraining),
    ...boardFindings(charter, retraining),
  ];
}

function neededFindings(charter: Charter): Finding[] {
  const { drift, release } = charter;
  const findings: Finding[] = [];
  if (drift === undefined) {
    findings.push({
      path: ['drift'],
      message: 'is missing',
      allowed: 'a drift section with truth: retraining learns from labelled answers',
    });
  } else if (drift.truth === undefined) {
    const allowed = 'truth: { prediction, kind, window }: retraining learns from answers whose truth is known';
    findings.push({ path: ['drift', 'truth'], message: 'is missing', allowed });
  }
  if (release.registry === undefined) {
    const allowed = 'registry: { group: … }: a new model is registered there, and release control takes over';
    findings.push({ path: ['release', 'registry'], message: 'is missing', allowed });
  }
  return findings;
}

const OF_JOBS = ['instance', 'instances', 'volumeGb', 'hyperParameters'] as const;

function trainingFindings(training: RetrainingSection['training']): Finding[] {
  const other = training.pipeline !== undefined ? 'pipeline' : training.stateMachine !== undefined ? 'stateMachine' : undefined;
  if (other === undefined) return [];
  return OF_JOBS.filter((key) => training[key] !== undefined).map((key) => ({
    path: at('training', key),
    message: `does not go with ${other}`,
    allowed: `no ${key}: what the ${other === 'pipeline' ? 'pipeline' : 'state machine'} runs on is its own matter`,
  }));
}

/** What a run costs is known of jobs alone. */
function budgetFindings({ monthlyBudget, training }: RetrainingSection): Finding[] {
  if (monthlyBudget === undefined || (training.pipeline === undefined && training.stateMachine === undefined)) return [];
  const allowed = 'mostRunsPerMonth alone: what a run of a pipeline or a state machine costs is not known here';
  return [{ path: at('monthlyBudget'), message: 'cannot be kept', allowed }];
}

function metricFindings({ drift }: Charter, { evaluation: { metric } }: RetrainingSection): Finding[] {
  const truth = drift?.truth;
  if (truth === undefined || metric === undefined) return [];
  const path = at('evaluation', 'metric');
  if ((metric === 'mae') !== (truth.kind === 'regression')) {
    const allowed = truth.kind === 'regression' ? 'mae' : 'accuracy, precision or recall';
    return [{ path, message: `does not go with ${truth.kind} (drift.truth.kind)`, allowed }];
  }
  if ((metric === 'precision' || metric === 'recall') && truth.positive === undefined) {
    const allowed = `the label that ${metric} is about`;
    return [{ path: ['drift', 'truth', 'positive'], message: 'is missing', allowed }];
  }
  return [];
}

function inferenceFindings({ release: { model } }: Charter, { inference }: RetrainingSection): Finding[] {
  const named = [inference.image, inference.container, model.image, model.container].some((value) => value !== undefined);
  if (named) return [];
  const allowed = 'inference: { image: … } or { container: … }: release.model is a package, so it does not say what serves a new model';
  return [{ path: at('inference'), message: 'is missing', allowed }];
}

/** Requests are sent to the new model as they were captured. */
function contentTypeFindings({ drift }: Charter, { inference: { contentType } }: RetrainingSection): Finding[] {
  if (drift?.csv?.input === undefined || contentType === undefined || !contentType.includes('json')) return [];
  const allowed = 'text/csv, or no drift.csv.input: requests are CSV by that';
  return [{ path: at('inference', 'contentType'), message: 'is not what requests are captured as', allowed }];
}

function kpiFindings({ drift, rollout }: Charter, { on }: RetrainingSection): Finding[] {
  if (!on.kpi || drift === undefined || (drift.kpiMovement !== false && rollout.holdout > 0)) return [];
  const allowed = 'false, or drift.kpiMovement with rollout.holdout above 0: no movement of a KPI is looked for';
  return [{ path: at('on', 'kpi'), message: 'never happens', allowed }];
}

function retentionFindings(charter: Charter, { data, approval }: RetrainingSection): Finding[] {
  const { retentionDays } = charter.charter.data;
  const findings: Finding[] = [];
  if (data.since > retentionDays) {
    const allowed = `at most ${retentionDays}d, as charter.data.retention says: captures are not kept for longer`;
    findings.push({ path: at('data', 'since'), message: 'goes back further than data is kept', allowed });
  }
  if (approval !== undefined && approval.requiredRoles.length === 0) {
    const allowed = 'roles named under owners, or no approval';
    findings.push({ path: at('approval', 'requiredRoles'), message: 'has nobody to ask', allowed });
  }
  return findings;
}

/** The rules of approvals, under this section's name. The board of a high risk looks at the release that follows. */
function boardFindings(charter: Charter, { approval }: RetrainingSection): Finding[] {
  if (approval === undefined || approval.requiredRoles.length === 0) return [];
  return approvalFindings({ owners: charter.owners, approvals: approval, lanes: [], charter: { risk: 'limited' } }).map((finding) => ({
    ...finding,
    path: at('approval', ...finding.path.slice(1)),
    allowed: finding.allowed.replaceAll('approvals.', 'retraining.approval.'),
  }));
}
