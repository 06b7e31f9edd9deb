import { ERROR_RATE_KPI } from '../contracts/observation';
import { approvalFindings } from './approval-checks';
import { budgetFindings } from './budget-checks';
import { driftFindings } from './drift-checks';
import { gateFindings } from './gate-checks';
import type { Finding } from './problem';
import { retrainingFindings } from './retraining-checks';
import { rolloutFindings } from './rollout-checks';
import type { Charter } from './schema';
import { servedWithFindings, servingFindings } from './serving-checks';
import { didYouMean } from './suggest';

/** How the fields of a charter fit together. */
export function crossChecks(charter: Charter): Finding[] {
  return [
    ...ownerFindings(charter),
    ...approvalFindings(charter),
    ...kpiFindings(charter),
    ...rolloutFindings(charter),
    ...gateFindings(charter.gates),
    ...servingFindings(charter),
    ...servedWithFindings(charter),
    ...killCriteriaFindings(charter),
    ...budgetFindings(charter),
    ...driftFindings(charter),
    ...retrainingFindings(charter),
    ...environmentFindings(charter),
  ];
}

function ownerFindings(charter: Charter): Finding[] {
  const roles = Object.keys(charter.owners);
  const findings: Finding[] = [];
  if (!roles.includes('process')) {
    const allowed = '{ principals: [ARN, …], notify: [e-mail, …] }: the process owner answers for the use case';
    findings.push({ path: ['owners', 'process'], message: 'is missing', allowed, suggestion: renameHint('process', roles) });
  }
  return findings;
}

function renameHint(meant: string, keys: string[]): string | undefined {
  const near = keys.find((key) => didYouMean(key, [meant]) !== undefined);
  return near === undefined ? undefined : `Did you mean ${JSON.stringify(meant)} where it says ${JSON.stringify(near)}?`;
}

/** Errors are counted in every use case; the combined evidence and events of unknown KPIs are metrics. */
const RESERVED_KPI_NAMES = [ERROR_RATE_KPI, 'combined', 'unknown'];

function kpiFindings(charter: Charter): Finding[] {
  const findings: Finding[] = [];
  const names = charter.kpis.map((kpi) => kpi.name);
  const unit = charter.kpis[0]?.unit;
  charter.kpis.forEach((kpi, index) => {
    const at = (...rest: string[]): Finding['path'] => ['kpis', index, ...rest];
    if (RESERVED_KPI_NAMES.includes(kpi.name)) {
      findings.push({ path: at('name'), message: 'is taken: Sluice publishes metrics of its own under it', allowed: 'another name' });
    }
    if (names.indexOf(kpi.name) !== index) findings.push({ path: at('name'), message: 'names a KPI twice', allowed: 'each name once' });
    if (kpi.unit !== unit) {
      const allowed = `${unit}, as in kpis[0].unit: units are assigned to arms, so there is one per use case`;
      findings.push({ path: at('unit'), message: 'differs from the other KPIs', allowed });
    }
    if (kpi.better === 'higher' && kpi.margin === 1) {
      findings.push({
        path: at('margin'),
        message: 'would let the KPI fall to nothing',
        allowed: 'a fraction below 1 where higher is better',
      });
    }
  });
  return findings;
}

/** What a kill criterion by KPI is measured with: the permanent holdout. */
function killCriteriaFindings(charter: Charter): Finding[] {
  const criteria = (charter.charter.killCriteria ?? []).flatMap((criterion, index) =>
    criterion.kpi === undefined ? [] : [{ index, kpi: criterion.kpi, afterMinutes: criterion.noBetterThanBaselineAfter ?? 0 }],
  );
  const findings = criteria.flatMap((criterion) => killCriterionFindings(charter, criterion));
  if (criteria.length > 0 && charter.rollout.holdout === 0) {
    const allowed =
      'more than 0, such as 0.02, or no kill criterion by KPI: they are measured against the units that stay with the baseline';
    findings.push({ path: ['rollout', 'holdout'], message: 'leaves nothing to measure charter.killCriteria by', allowed });
  }
  return findings;
}

function killCriterionFindings(charter: Charter, criterion: { index: number; kpi: string; afterMinutes: number }): Finding[] {
  const at = (key: string): Finding['path'] => ['charter', 'killCriteria', criterion.index, key];
  const names = charter.kpis.map((kpi) => kpi.name);
  const kpi = charter.kpis.find(({ name }) => name === criterion.kpi);
  if (kpi === undefined) {
    const suggestion = didYouMean(criterion.kpi, names);
    return [{ path: at('kpi'), message: 'names a KPI that is not there', allowed: `one of ${names.join(', ')}`, suggestion }];
  }
  if (kpi.type === 'latency') {
    const allowed = 'a KPI of another type: a baseline answers at once, so no model is ever faster';
    return [{ path: at('kpi'), message: 'names a latency', allowed }];
  }
  if (kpi.attribution === 'variant') {
    const allowed = 'a KPI whose attribution is decision: the baseline is no production variant, its outcomes are not known';
    return [{ path: at('kpi'), message: 'names a KPI that the baseline does not have', allowed }];
  }
  const { retentionDays } = charter.charter.data;
  if (criterion.afterMinutes > retentionDays * 1440) {
    const allowed = `at most ${retentionDays}d, as charter.data.retention says: what was counted is not kept for longer`;
    return [{ path: at('noBetterThanBaselineAfter'), message: 'ends after what was counted is gone', allowed }];
  }
  if (criterion.afterMinutes > kpi.windowMinutes) return [];
  const allowed = `longer than the window of ${kpi.name} (${kpi.windowMinutes}m): before that no outcome counts`;
  return [{ path: at('noBetterThanBaselineAfter'), message: 'ends before there is anything to measure', allowed }];
}

const RESERVED_VARIABLE = /^SLUICE_(?!REHEARSAL_)/;
const LOOKS_SECRET = /\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

function environmentFindings(charter: Charter): Finding[] {
  const { environment, secrets } = charter.release.model;
  const named = Object.keys(secrets).flatMap((name): Finding[] => {
    const path = ['release', 'model', 'secrets', name];
    if (RESERVED_VARIABLE.test(name)) return [{ path, message: 'is reserved', allowed: 'names that do not start with SLUICE_' }];
    if (!Object.hasOwn(environment, name)) return [];
    return [{ path, message: 'is set twice', allowed: `${name} under environment, or under secrets` }];
  });
  const written = Object.entries(environment).flatMap(([name, value]): Finding[] => {
    const path = ['release', 'model', 'environment', name];
    if (RESERVED_VARIABLE.test(name)) return [{ path, message: 'is reserved', allowed: 'names that do not start with SLUICE_' }];
    if (LOOKS_SECRET.test(value)) {
      const allowed = 'no secrets: name them under release.model.secrets, and let the container read them from Secrets Manager';
      return [{ path, message: 'looks like a secret', given: 'a credential (not shown)', allowed }];
    }
    return [];
  });
  return [...named, ...written];
}
