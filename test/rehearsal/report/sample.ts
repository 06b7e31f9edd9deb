import { ARMS, type Arm } from '../../../core/contracts';
import { createRandom } from '../../../rehearsal/kernel/random';
import type { ReportData } from '../../../rehearsal/report/data';
import { COMBINED_EVIDENCE, type EvidenceSeries, type KpiSeries } from '../../../rehearsal/world/series';

const HOUR = 3600;
const HALF_HOUR = 1800;
const DAY = 24 * HOUR;

type Rates = Record<Arm, number>;

interface Plan {
  scenario: string;
  title: string;
  outcome: 'rolled-back' | 'promoted';
  /** Candidate's share from each moment on. */
  shares: [number, number][];
  endedAt: number;
  stage: string;
  reason: string;
  culprit?: string;
  rates: Record<string, Rates>;
  /** Change of log10 evidence per half hour of canary. */
  drift: Record<string, number>;
}

const shareAt = (plan: Plan, t: number): number => plan.shares.filter(([from]) => from <= t).at(-1)?.[1] ?? 0;

function kpiSeries(plan: Plan, name: string): KpiSeries {
  const random = createRandom(7).fork(`${plan.scenario}:${name}`);
  const draw = (n: number, rate: number): number => Array.from({ length: n }, () => random.next()).filter((u) => u < rate).length;
  const byArm: Record<Arm, { t: number; n: number; x: number }[]> = { baseline: [], stable: [], candidate: [] };
  for (let t = 0; t < DAY; t += HALF_HOUR) {
    const promoted = plan.outcome === 'promoted' && t >= plan.endedAt;
    const candidate = promoted ? 0 : shareAt(plan, t);
    const shares: Rates = { baseline: 0.02, candidate, stable: 0.98 - candidate };
    const total = 180 + Math.round(60 * Math.sin((t / DAY) * 2 * Math.PI));
    for (const arm of ARMS) {
      const n = Math.round(total * shares[arm] + random.next() * 0.9);
      const rate = promoted && arm === 'stable' ? plan.rates[name]!.candidate : plan.rates[name]![arm];
      if (n > 0) byArm[arm].push({ t, n, x: draw(n, rate) });
    }
  }
  return {
    name,
    better: 'lower',
    ...(name === 'missed-spam' ? { target: 0.03 } : {}),
    byArm,
  };
}

function evidenceSeries(plan: Plan): EvidenceSeries[] {
  const random = createRandom(7).fork(`${plan.scenario}:evidence`);
  const kpis = Object.entries(plan.drift).map(([name, drift]) => {
    const points: EvidenceSeries['points'] = [];
    let log10 = 0;
    for (let t = 0; t < Math.min(DAY, plan.endedAt); t += HALF_HOUR) {
      const candidate = shareAt(plan, t);
      if (candidate === 0) continue;
      log10 += drift * candidate * (0.5 + random.next());
      points.push({ t: t + 60, log10 });
    }
    return { name, points };
  });
  const mean = (index: number): number => kpis.reduce((sum, { points }) => sum + 10 ** points[index]!.log10, 0) / kpis.length;
  const combined = kpis[0]!.points.map(({ t }, index) => ({ t, log10: Math.log10(mean(index)) }));
  return [{ name: COMBINED_EVIDENCE, points: combined }, ...kpis];
}

function reportData(plan: Plan): ReportData {
  const { shares, endedAt, outcome } = plan;
  const release = 'r2-3f2a9c1b';
  const share = [[0, 0] as [number, number], ...shares].map(([t, candidate]) => ({
    t,
    baseline: 0.02,
    stable: 0.98 - candidate,
    candidate,
  }));
  const kpis = Object.keys(plan.rates).map((name) => kpiSeries(plan, name));
  const answered = Math.round(kpis[0]!.byArm.candidate.reduce((sum, { n }) => sum + n, 0));
  return {
    useCase: 'support-triage',
    scenario: plan.scenario,
    title: plan.title,
    seed: 1,
    outcome,
    virtualSeconds: DAY,
    drainedAtSeconds: DAY + 2700,
    wallSeconds: 9.1,
    releases: [
      {
        id: release,
        outcome,
        stage: plan.stage,
        reason: plan.reason,
        ...(plan.culprit === undefined ? {} : { culprit: plan.culprit }),
        startedAtSeconds: 600,
        endedAtSeconds: endedAt,
      },
    ],
    requests: { total: 8630, failed: 0, byArm: { baseline: 172, stable: 8458 - answered, candidate: answered } },
    kpiEvents: {
      sent: 17260,
      counted: 17260,
      duplicates: 0,
      rejected: 0,
      late: 0,
      superseded: 0,
      refused: 0,
      elsewhere: 0,
      lost: 0,
      rejectedByReason: {},
    },
    incidents: [],
    executions: [],
    refusals: [],
    metered: [],
    meteredServerless: [],
    traffic: [{ t: 0, candidateShare: 0 }, ...shares.map(([t, candidateShare]) => ({ t, candidateShare }))],
    timeline: [
      { t: 600, source: 'people', event: 'deploys', detail: { deployment: 'action-0' } },
      { t: 604, source: 'cloudformation', event: 'UPDATE_COMPLETE', detail: { stack: 'support-triage' } },
      { t: 606, source: 'control', event: 'locked', detail: { by: 'workflow', reason: `release ${release} is registered` } },
      {
        t: 640,
        source: 'sagemaker',
        event: 'endpoint-status',
        detail: {
          endpointName: 'support-triage-live',
          status: 'Updating',
          endpointConfigName: 'r1',
          pendingConfigName: 'support-triage-r2-dark',
        },
      },
      { t: 1020, source: 'control', event: 'dark', detail: { candidate: release } },
      { t: 3000, source: 'people', event: 'approve', detail: { role: 'risk', comment: 'looks fine' } },
      ...shares
        .filter(([, weight]) => weight > 0)
        .map(([t, weight]) => ({
          t,
          source: 'control',
          event: 'weight',
          detail: { candidate: release, weight, by: 'workflow', reason: 'next step' },
        })),
      outcome === 'promoted'
        ? { t: endedAt, source: 'control', event: 'promoted', detail: { stable: release, by: 'verdict', reason: plan.reason } }
        : { t: endedAt, source: 'control', event: 'candidate-removed', detail: { by: 'workflow', reason: plan.reason } },
      {
        t: endedAt + 240,
        source: 'sagemaker',
        event: 'endpoint-status',
        detail: { endpointName: 'support-triage-live', status: 'InService', endpointConfigName: 'r1' },
      },
    ],
    invariants: [
      'gated-traffic',
      'one-candidate',
      'rollback-takes-hold',
      'kpi-exactly-once',
      'every-decision-recorded',
      'evidence-complete',
      'no-silent-drift',
      'nothing-left-running',
      'least-privilege',
    ].map((name) => ({ name, held: true })),
    iam: {
      denied: [],
      unused: [{ role: 'VerdictRole', action: 'dynamodb:Query', resource: 'arn:aws:dynamodb:us-east-1:111111111111:table/ledger/index/*' }],
    },
    expectations: [
      { text: `outcome is ${outcome}`, held: true },
      {
        text: 'candidate answered at most 500 requests',
        held: outcome !== 'promoted',
        ...(outcome === 'promoted' ? { seen: String(answered) } : {}),
      },
    ],
    series: {
      share: [...share, { t: DAY, baseline: 0.02, stable: 0.98, candidate: 0 }],
      kpis,
      evidence: evidenceSeries(plan),
      log10Threshold: Math.log10(20),
    },
  };
}

export const rolledBack = (): ReportData =>
  reportData({
    scenario: 'bad-candidate',
    title: 'The candidate lets spam through; the business KPI notices',
    outcome: 'rolled-back',
    shares: [
      [3060, 0.05],
      [10260, 0.25],
      [20460, 0],
    ],
    endedAt: 20460,
    stage: 'canary:0.25',
    reason: 'missed-spam: 31 of 178 against 9.9 % of stable; evidence 26 reached its threshold 20',
    culprit: 'missed-spam',
    rates: {
      'missed-spam': { baseline: 0.22, stable: 0.1, candidate: 0.3 },
      'wrongly-blocked': { baseline: 0.09, stable: 0.05, candidate: 0.045 },
    },
    drift: { 'missed-spam': 0.85, 'wrongly-blocked': -0.2, 'error-rate': -0.1 },
  });

export const promoted = (): ReportData =>
  reportData({
    scenario: 'good-candidate',
    title: 'The candidate halves both rates',
    outcome: 'promoted',
    shares: [
      [3060, 0.05],
      [10260, 0.25],
      [24660, 0.5],
      [39060, 0],
    ],
    endedAt: 39060,
    stage: 'promote',
    reason: 'no KPI is worse than stable by more than its margin',
    rates: {
      'missed-spam': { baseline: 0.22, stable: 0.1, candidate: 0.05 },
      'wrongly-blocked': { baseline: 0.09, stable: 0.05, candidate: 0.025 },
    },
    drift: { 'missed-spam': -1.9, 'wrongly-blocked': -1.1, 'error-rate': -0.1 },
  });
