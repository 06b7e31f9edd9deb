import type { EvidenceBundle, GateResult, KpiEvidence, SignedHead } from '../contracts';

/** What the charter says of the use case, for its model card. */
export interface CardFacts {
  problem: string;
  users: string;
  hypothesis: string;
  reviewBy: string;
  risk: 'minimal' | 'limited' | 'high';
  personalData: boolean;
  dataSources: string[];
  /** Role → principals. */
  owners: Record<string, string[]>;
}

type Metric = { name: string; type: 'number'; value: number; notes?: string };
type Evaluation = {
  name: string;
  evaluation_observation: string;
  datasets?: string[];
  metadata?: Record<string, string>;
  metric_groups: { name: string; metric_data: Metric[] }[];
};

const RISK_RATINGS = { minimal: 'Low', limited: 'Medium', high: 'High' } as const;

/**
 * The content of a SageMaker model card, after SageMaker's own JSON schema, for the release that answers now.
 * Texts are cut to the schema's lengths; the bundle that is named holds them in full.
 */
export function modelCardContent(bundle: EvidenceBundle, head: SignedHead, facts: CardFacts): object {
  const { model = {}, spec } = bundle;
  const artefacts = model.artefactUrl === undefined ? {} : { model_artifact: [cut(model.artefactUrl, 1024)] };
  const images = model.image === undefined ? {} : { inference_environment: { container_image: [cut(model.image, 1024)] } };
  return {
    model_overview: {
      model_name: cut(bundle.useCase, 1024),
      model_id: cut(model.packageArn ?? bundle.releaseId, 1024),
      model_version: bundle.sequence,
      model_description: cut(facts.hypothesis, 1024),
      model_owner: cut(Object.keys(facts.owners).join(', '), 1024),
      model_creator: cut(bundle.requestedBy, 1024),
      ...artefacts,
      ...images,
    },
    intended_uses: {
      purpose_of_model: cut(facts.problem, 2048),
      intended_uses: cut(`For ${facts.users}. ${facts.hypothesis}`, 2048),
      factors_affecting_model_efficiency: cut(`Data: ${facts.dataSources.join(', ')}`, 2048),
      risk_rating: RISK_RATINGS[facts.risk],
      explanations_for_risk_rating: `The charter says: risk ${facts.risk}${facts.personalData ? ', personal data' : ', no personal data'}.`,
    },
    business_details: {
      business_problem: cut(facts.problem, 2048),
      business_stakeholders: cut(
        Object.entries(facts.owners)
          .map(([role, principals]) => `${role}: ${principals.join(', ')}`)
          .join('; '),
        2048,
      ),
    },
    evaluation_details: evaluations(bundle),
    additional_information: {
      caveats_and_recommendations: cut(`To be reviewed by ${facts.reviewBy}. ${bundle.reason}`, 2048),
      custom_details: customDetails(bundle, head, spec.serving.instanceType ?? spec.serving.mode),
    },
  };
}

/** Which bundle a card was made from. */
export function bundleOfCard(content: string): string | undefined {
  try {
    const card = JSON.parse(content) as { additional_information?: { custom_details?: Record<string, string> } };
    return card.additional_information?.custom_details?.[BUNDLE_SHA256];
  } catch {
    return undefined;
  }
}

const BUNDLE_SHA256 = 'sluice evidence bundle SHA-256';

function customDetails(bundle: EvidenceBundle, head: SignedHead, instanceType: string): Record<string, string> {
  const { model = {}, charterSha256 } = bundle;
  const details = {
    'sluice release': bundle.releaseId,
    'sluice release hash': bundle.hash,
    'sluice charter SHA-256': charterSha256,
    'sluice evidence bundle': head.bundleKey,
    [BUNDLE_SHA256]: head.bundleSha256,
    'sluice evidence signed': `${head.signedAt} by ${head.keyArn}`,
    'sluice requested by': bundle.requestedBy,
    'sluice approved by': approvals(bundle),
    'sluice promoted at': bundle.endedAt,
    'sluice instance type': instanceType,
    'sluice image digest': model.imageDigest,
    'sluice artefact SHA-256': model.artefactSha256 ?? model.artefactETag,
  };
  return Object.fromEntries(Object.entries(details).flatMap(([name, value]) => (value === undefined ? [] : [[name, cut(value, 1024)]])));
}

function approvals({ approvals: decisions }: EvidenceBundle): string {
  const given = decisions.filter(({ decision }) => decision === 'approve').map(({ role, by }) => `${role}: ${by}`);
  return given.length === 0 ? 'nobody: no approval was owed' : given.join('; ');
}

function evaluations(bundle: EvidenceBundle): Evaluation[] {
  return [...(bundle.gates ?? []).map(gateEvaluation), ...(bundle.measurements.length === 0 ? [] : [canaryEvaluation(bundle)])];
}

function gateEvaluation({ gate, passed, reason, measured, data, kind }: GateResult): Evaluation {
  const metrics = measured.flatMap(({ name, value, demanded }): Metric[] => (value === undefined ? [] : [metric(name, value, demanded)]));
  return {
    name: cut(`gate ${gate}`, 63),
    evaluation_observation: cut(`${passed ? 'Passed' : 'Failed'}: ${reason}`, 2096),
    ...(data === undefined ? {} : { datasets: [cut(data.uri, 1024)] }),
    metadata: { kind, ...(data?.sha256 === undefined ? {} : { 'data SHA-256': data.sha256 }) },
    metric_groups: metrics.length === 0 ? [] : [{ name: 'measured', metric_data: metrics }],
  };
}

function canaryEvaluation({ reason, measurements }: EvidenceBundle): Evaluation {
  return {
    name: 'canary',
    evaluation_observation: cut(reason, 2096),
    metric_groups: measurements.map((one) => ({ name: cut(one.kpi, 63), metric_data: kpiMetrics(one) })),
  };
}

function kpiMetrics(one: KpiEvidence): Metric[] {
  const { candidateUnits, candidateEvents, controlUnits, controlEvents, candidateMean, controlMean, ratio, control } = one;
  const optional = (name: string, value: number | undefined, notes?: string): Metric[] =>
    value === undefined ? [] : [metric(name, value, notes)];
  return [
    metric('candidate units', candidateUnits),
    metric('candidate events', candidateEvents),
    metric(`${control} units`, controlUnits),
    metric(`${control} events`, controlEvents),
    ...optional('candidate mean', candidateMean),
    ...optional(`${control} mean`, controlMean),
    ...optional('ratio', ratio, `candidate over ${control}`),
    ...optional('evidence for rollback', finite(one.rollbackEvidence), `threshold ${one.rollbackThreshold}`),
    ...optional('evidence for promotion', finite(one.promotionEvidence), `threshold ${one.promotionThreshold}`),
  ];
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

const metric = (name: string, value: number, notes?: string): Metric => ({
  name: cut(name, 255),
  type: 'number',
  value,
  ...(notes === undefined ? {} : { notes: cut(notes, 1024) }),
});

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
