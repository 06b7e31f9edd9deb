import type { EvidenceBundle, GateResult, KpiEvidence } from '../contracts';
import type { EvidenceEntry } from './audit';

/** A part of a report: pairs of what and value, or a table with columns. */
export interface Section {
  title: string;
  columns?: string[];
  rows: string[][];
}

/** Everything that a bundle says, for people: the same for every form of the report. What was forged may say anything. */
export function entrySections(entry: EvidenceEntry): Section[] {
  const { bundle } = entry;
  if (bundle === undefined) return [untold('it cannot be read')];
  try {
    return bundleSections({ ...entry, bundle });
  } catch (error) {
    return [untold(`its members are not those of a bundle: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

const untold = (why: string): Section => ({ title: 'Bundle', rows: [['cannot be told', why]] });

function bundleSections(entry: EvidenceEntry & { bundle: EvidenceBundle }): Section[] {
  const { bundle } = entry;
  return [
    releaseSection(bundle),
    modelSection(bundle),
    approvalSection(bundle),
    ...gateSections(bundle.gates ?? []),
    stepSection(bundle),
    verdictSection(bundle),
    measurementSection(bundle),
    trafficSection(bundle),
    incidentSection(bundle),
    refusalSection(bundle),
    costSection(bundle),
    integritySection(entry),
  ].filter(({ rows }) => rows.length > 0);
}

const given = (rows: [string, string | undefined][]): string[][] =>
  rows.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]]));

function releaseSection(bundle: EvidenceBundle): Section {
  const { endedBefore, changes, spec } = bundle;
  return {
    title: 'Release',
    rows: given([
      ['use case', bundle.useCase],
      ['release', bundle.releaseId],
      ['ended as', bundle.outcome],
      ['at stage', bundle.stage],
      ['because', bundle.reason],
      ['culprit', bundle.culprit],
      ['requested by', bundle.requestedBy],
      ['requested at', bundle.requestedAt],
      ['requested because', bundle.requestReason],
      ['ended at', bundle.endedAt],
      ['ended before', endedBefore && `${endedBefore.outcome} at ${endedBefore.endedAt}, then taken back within its rollback window`],
      ['differs from stable in', changes?.join(', ')],
      ['lane', bundle.lane],
      ['strategy', spec.rollout?.shadow === undefined ? spec.rollout?.strategy : `shadow, then ${spec.rollout.strategy}`],
      ['release hash', bundle.hash],
      ['charter SHA-256', bundle.charterSha256],
    ]),
  };
}

function modelSection({ model = {}, spec }: EvidenceBundle): Section {
  return {
    title: 'Model',
    rows: given([
      ['package', model.packageArn],
      ['approval in the registry', model.approvalStatus],
      ['image', model.image],
      ['image digest', model.imageDigest],
      ['artefact', model.artefactUrl],
      ['artefact SHA-256', model.artefactSha256],
      ['artefact ETag', model.artefactETag],
      ['registry not read', model.notRead],
      ['served on', `${spec.serving.minInstances} to ${spec.serving.maxInstances} × ${spec.serving.instanceType ?? spec.serving.mode}`],
    ]),
  };
}

function approvalSection({ approvals, boards = [] }: EvidenceBundle): Section {
  const asked = boards.map(({ kind, requiredRoles, quorum, status, deadline, requestedAt }) => [
    requestedAt,
    `asked for (${kind})`,
    requiredRoles.join(', '),
    '',
    `${quorum ?? requiredRoles.length} of ${requiredRoles.length} needed until ${deadline}: ${status}`,
  ]);
  const decided = approvals.map(({ at, decision, role, by, comment, onBehalfOf, escalated }) => [
    at,
    decision === 'approve' ? 'approved' : 'rejected',
    `${role}${escalated === true ? ' (escalated)' : ''}`,
    `${by}${onBehalfOf === undefined ? '' : ` on behalf of ${onBehalfOf}`}`,
    comment ?? '',
  ]);
  return { title: 'Approvals', columns: ['at', 'what', 'role', 'by', 'words'], rows: [...asked, ...decided].sort(byFirst) };
}

function gateSections(gates: GateResult[]): Section[] {
  if (gates.length === 0) return [];
  const results = gates.map(({ gate, passed, reason, startedAt, endedAt, data }) => [
    gate,
    passed ? 'passed' : 'failed',
    reason,
    `${startedAt} – ${endedAt}`,
    data === undefined ? '' : `${data.uri}, ${data.lines} lines, SHA-256 ${data.sha256 ?? 'not known'}`,
  ]);
  const measures = gates.flatMap(({ gate, measured }) =>
    measured.map(({ name, value, unit = '', rival, demanded, passed, count }) => [
      gate,
      name,
      value === undefined ? 'not measured' : `${figure(value)} ${unit}`.trim(),
      rival === undefined ? '' : `${rival.value === undefined ? 'not measured' : figure(rival.value)} (${rival.arm})`,
      demanded === undefined ? 'reported only' : `${demanded}: ${passed ? 'held' : 'not held'}`,
      count === undefined ? '' : String(count),
    ]),
  );
  return [
    { title: 'Gates', columns: ['gate', 'result', 'because', 'when', 'data'], rows: results },
    { title: 'What gates measured', columns: ['gate', 'what', 'candidate', 'rival', 'demanded', 'answers'], rows: measures },
  ];
}

function stepSection({ steps }: EvidenceBundle): Section {
  const rows = steps.map(({ weight, openedAt, closedAt, decision, reason }) => [percent(weight), openedAt, closedAt, decision, reason]);
  return { title: 'Steps', columns: ['share', 'opened', 'closed', 'decision', 'because'], rows };
}

function verdictSection({ verdicts = [], looks }: EvidenceBundle): Section {
  const rows = verdicts.map(({ from, to, looks: count, decision, highestRollbackEvidence, threshold, reason }) => [
    `${from} – ${to}`,
    String(count),
    decision,
    `${figure(highestRollbackEvidence)} of ${figure(threshold)}`,
    reason,
  ]);
  const title = looks === undefined ? 'Verdicts' : `Verdicts (each of the ${looks.count} looks: ${looks.key}, SHA-256 ${looks.sha256})`;
  return { title, columns: ['from – to', 'looks', 'decision', 'highest evidence for rolling back', 'last words'], rows };
}

function measurementSection({ measurements }: EvidenceBundle): Section {
  const columns = ['KPI', 'candidate', 'control', 'ratio', 'evidence for rolling back', 'evidence for promotion'];
  return { title: 'Measured at the end', columns, rows: measurements.map(measurementRow) };
}

function measurementRow(one: KpiEvidence): string[] {
  const { kpi, control, candidateUnits, candidateEvents, candidateMean, controlUnits, controlEvents, controlMean, ratio } = one;
  const level = (units: number, events: number, mean: number | undefined): string =>
    mean === undefined ? `${events} of ${units}` : `mean ${figure(mean)} of ${units}`;
  const promotion =
    one.promotionThreshold === 0 ? 'does not gate' : `${figure(one.promotionEvidence)} of ${figure(one.promotionThreshold)}`;
  return [
    kpi,
    level(candidateUnits, candidateEvents, candidateMean),
    `${level(controlUnits, controlEvents, controlMean)} (${control})`,
    ratio === undefined ? '' : figure(ratio),
    `${figure(one.rollbackEvidence)} of ${figure(one.rollbackThreshold)}`,
    promotion,
  ];
}

function trafficSection({ traffic = [] }: EvidenceBundle): Section {
  const rows = traffic.map(({ at, version, mode, candidateWeight, stable = '', candidate = '', warm = '', by, reason }) => [
    at,
    String(version),
    mode,
    stable,
    candidate === '' ? '' : `${candidate} ${percent(candidateWeight)}`,
    warm,
    by,
    reason,
  ]);
  return { title: 'Changes of traffic', columns: ['at', 'version', 'mode', 'stable', 'candidate', 'warm', 'by', 'because'], rows };
}

function incidentSection({ incidents = [] }: EvidenceBundle): Section {
  const rows = incidents.map(({ id, openedAt, openedBy, recoveredAt = 'not yet', reason }) => [
    id,
    openedAt,
    openedBy,
    recoveredAt,
    reason,
  ]);
  return { title: 'Incidents until then', columns: ['incident', 'opened', 'by', 'traffic safe again', 'because'], rows };
}

function refusalSection({ refusals = [] }: EvidenceBundle): Section {
  return {
    title: 'Refused',
    columns: ['at', 'what', 'by', 'because'],
    rows: refusals.map(({ at, what, by, reason }) => [at, what, by, reason]),
  };
}

function costSection({ costs }: EvidenceBundle): Section {
  const title = 'Costs of the candidate';
  if (costs === undefined) return { title, rows: [['instance-hours', 'not known: it never stood beside stable']] };
  const { candidateInstanceHours, pricePerInstanceHour, amount, currency = '' } = costs;
  return {
    title,
    rows: [
      ['instance-hours asked for', figure(candidateInstanceHours)],
      ['money', amount === undefined ? 'not known: no price was given' : `${figure(amount)} ${currency}`.trim()],
      ...(pricePerInstanceHour === undefined ? [] : [['price of an instance-hour', `${figure(pricePerInstanceHour)} ${currency}`.trim()]]),
    ],
  };
}

function integritySection({ key, sha256, bundle, head }: EvidenceEntry & { bundle: EvidenceBundle }): Section {
  return {
    title: 'Integrity',
    rows: given([
      ['bundle', key],
      ['place in the chain', String(bundle.sequence)],
      ['SHA-256', sha256],
      ['follows', bundle.previousBundleSha256 ?? 'nothing: it is the first'],
      ['signed', head === undefined ? 'no valid signature' : `${head.signedAt} by ${head.keyArn}`],
    ]),
  };
}

const byFirst = ([left = '']: string[], [right = '']: string[]): number => (left === right ? 0 : left < right ? -1 : 1);

const percent = (share: number): string => `${figure(share * 100)} %`;

/** Four significant digits: the bundle has all of them. */
const figure = (value: number): string => String(Number(value.toPrecision(4)));
