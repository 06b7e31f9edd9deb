import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatProblem, parseCharter, toReleaseSpec } from '../core/charter';
import type { Arm, ReleaseSpec } from '../core/contracts';
import type { ControlArm } from '../core/verdict';
import { hoursForVerdict } from '../core/verdict';
import { runRelease } from './simulated-release';
import type { StreamKpi } from './simulated-stream';

/** What the example's scenarios can show: its own charter, the error rates its models really have, and `judge`. */
const EXAMPLE = path.resolve('examples/support-triage');
const RELEASES = Number(process.argv[2] ?? 60);
const PER_MINUTE = 6;
const SPAM_SHARE = 950 / 2970;

interface Rates {
  missedSpam: number;
  wronglyBlocked: number;
}

function specOfExample(): ReleaseSpec {
  const file = path.join(EXAMPLE, 'usecase.yaml');
  const parsed = parseCharter(readFileSync(file, 'utf8'), file);
  if (!parsed.ok) {
    throw new Error(parsed.problems.map(formatProblem).join('\n'));
  }
  return toReleaseSpec(parsed.charter, { image: 'image', artefactUrl: 's3://bucket/key', behaviourFiles: {} });
}

const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;

function show(title: string, spec: ReleaseSpec, control: ControlArm, rates: Partial<Record<Arm, Rates>>, releases = RELEASES): void {
  const kpi = (name: string, unitShare: number, pick: (rates: Rates) => number): StreamKpi => ({
    policy: spec.kpis.find((one) => one.name === name)!,
    unitShare,
    rate: (arm) => pick(rates[arm] ?? { missedSpam: 0, wronglyBlocked: 0 }),
    delayMinutes: (random) => Math.min(55, 1 - 12 * Math.log(1 - random())),
  });
  const ended = Array.from({ length: releases }, (_, index) =>
    runRelease(spec.rollout, {
      seed: index + 1,
      startMillis: Date.parse('2026-03-02T10:00:00Z'),
      perMinute: (minute) => PER_MINUTE * (1 + 0.5 * Math.sin((2 * Math.PI * (minute + 60)) / 1440)),
      control,
      holdout: control === 'stable' ? spec.rollout.holdout : 0,
      kpis: [kpi('missed-spam', SPAM_SHARE, (one) => one.missedSpam), kpi('wrongly-blocked', 1 - SPAM_SHARE, (one) => one.wronglyBlocked)],
      errorRate: () => 0.001,
    }),
  );
  console.log(title);
  for (const decision of new Set(ended.map((one) => one.verdict.decision))) {
    const runs = ended.filter((one) => one.verdict.decision === decision);
    const units = runs.map((one) => one.candidateUnits);
    const hours = runs.map((one) => one.minutes / 60);
    const culprits = [...new Set(runs.map((one) => one.verdict.culprit))].filter((one) => one !== undefined).join(', ');
    console.log(
      `  ${decision.padEnd(10)} ${((100 * runs.length) / ended.length).toFixed(1).padStart(5)} %   candidate units median ${quantile(units, 0.5)}, ` +
        `95 % ${quantile(units, 0.95)}, 99 % ${quantile(units, 0.99)}, most ${Math.max(...units)}   ` +
        `hours median ${quantile(hours, 0.5).toFixed(1)}, 95 % ${quantile(hours, 0.95).toFixed(1)}   ${culprits}`,
    );
  }
}

async function main(): Promise<void> {
  const module = (await import(pathToFileURL(path.join(EXAMPLE, 'measure.mjs')).href)) as { measure(): Promise<Record<string, Rates>> };
  const rates = await module.measure();
  const spec = specOfExample();
  const { stable, baseline, 'candidate-good': good, 'candidate-bad': bad } = rates;
  show('good-candidate', spec, 'stable', { stable, candidate: good });
  show('bad-candidate', spec, 'stable', { stable, candidate: bad });
  show('first-release', spec, 'baseline', { baseline, candidate: stable });
  show('identical candidate', spec, 'stable', { stable, candidate: stable }, Math.ceil(RELEASES / 4));
  const outlook = { margin: 0.2, rate: 0.1 * SPAM_SHARE, unitsPerHour: 60 * PER_MINUTE, steps: spec.rollout.steps };
  console.log(`hours until a verdict at the margin: ${hoursForVerdict(outlook).toFixed(0)}`);
}

void main();
