import type { CellResult, Outcome } from './run-cell';
import { OURS } from './run-cell';
import { EFFECTS, kpiNames, RATES, scenarioNames, YOUNG_DAYS, YOUNG_KPIS } from './cells';
import type { Cell } from './cells';
import { held, PROMISED } from './judged';
import { KPIS } from './kpis';
import { METHOD } from './report-method';
import type { ScenarioName } from './traffic';

const POLICIES: [name: string, title: string][] = [
  ['cloudwatch', 'CloudWatch alarm, 2 of 3, 5 min'],
  ['flagger', 'Flagger, 5 failed checks'],
  ['argo', 'Argo Rollouts, limit 3'],
  ['z-test', 'z-test read each minute'],
  ['kayenta-5-95', 'Kayenta, hourly, candidate against control'],
  ['kayenta-equal', 'Kayenta, hourly, equal-size baseline'],
  ['obrien-fleming', "O'Brien-Fleming"],
  ['pooled-sequence', 'pooled asymptotic confidence sequence'],
  [OURS, '**Sluice**'],
];

const SCENARIO_TITLES: Partial<Record<ScenarioName, string>> = {
  flat: 'Constant 5 %, constant traffic',
  ramp: 'Ramp 5 → 10 → 25 → 50 % with daily rhythm',
  late: 'The same ramp, outcomes three hours late on average',
  sticky: 'Sticky sessions of five requests on average, constant 5 %',
};

/** The whole report: the same results give the same text. */
export function reportOf(results: CellResult[]): string {
  return [
    '# What the verdict does beside what others do',
    METHOD,
    ...promise(results),
    ...scenarioNames.flatMap((scenario) => nullTable(results, scenario)),
    ...intervalTable(results),
    ...youngTable(results),
    ...effectTable(results),
    ...promotionTable(results),
    '',
  ].join('\n\n');
}

function promise(results: CellResult[]): string[] {
  const bounded = results
    .filter(({ cell }) => cell.kind === 'null' || (cell.kind === 'promotion' && cell.candidate === 'at-the-margin'))
    .map(held);
  const broken = bounded.filter((one) => !one.held);
  const most = bounded.reduce((worst, one) => (one.share > worst.share ? one : worst));
  const end =
    broken.length === 0
      ? `None of the ${bounded.length} cells exceeds ${100 * PROMISED} % by more than its Monte Carlo error (1.96 standard errors); the largest share is ${percent(most.share)} % (${most.label}).`
      : `${broken.length} of ${bounded.length} cells exceed ${100 * PROMISED} % by more than 1.96 standard errors: ${broken.map(({ label, share, interval }) => `${label}: ${percent(share)} % (${percent(interval[0])} to ${percent(interval[1])})`).join('; ')}.`;
  return [
    '## The promise',
    `At most ${100 * PROMISED} % false rollbacks, and at most ${100 * PROMISED} % promotions of a candidate that is worse by exactly the margin. ${end}`,
  ];
}

function nullTable(results: CellResult[], scenario: ScenarioName): string[] {
  const cellsOf = (policy: string): string[] =>
    kpiNames.map((kpi) =>
      atRates((perMinute) => {
        const outcome = find(
          results,
          (cell) => cell.kind === 'null' && cell.kpi === kpi && cell.scenario === scenario && cell.perMinute === perMinute,
        )[policy];
        return outcome === undefined ? '–' : percent(outcome.alarms / outcome.days, policy === OURS ? 1 : 0);
      }),
    );
  return [
    `## False rollbacks, %: ${SCENARIO_TITLES[scenario]}`,
    table(
      ['policy', ...kpiNames.map((kpi) => KPIS[kpi].title)],
      POLICIES.map(([name, title]) => [title, ...cellsOf(name)]),
    ),
  ];
}

function intervalTable(results: CellResult[]): string[] {
  const rows = kpiNames.flatMap((kpi) =>
    RATES.map((perMinute) => [
      `${KPIS[kpi].title}, ${perMinute} a minute`,
      ...scenarioNames.map((scenario) => {
        const found = results.find(
          ({ cell }) => cell.kind === 'null' && cell.kpi === kpi && cell.scenario === scenario && cell.perMinute === perMinute,
        );
        return found === undefined ? '–' : withInterval(found);
      }),
    ]),
  );
  return ['## The same for Sluice, % with 95 % Monte Carlo interval', table(['cell', 'flat', 'ramp', 'late', 'sticky'], rows)];
}

function youngTable(results: CellResult[]): string[] {
  const rates = Object.entries(YOUNG_DAYS);
  const rows = YOUNG_KPIS.map((kpi) => [
    KPIS[kpi].title,
    ...rates.map(([perMinute]) => {
      const label = { kind: 'null', kpi, scenario: 'young', perMinute: Number(perMinute) };
      const found = results.find(({ cell }) => Object.entries(label).every(([key, value]) => cell[key as keyof Cell] === value));
      return found === undefined ? '–' : withInterval(found);
    }),
  ]);
  return [
    '## Late outcomes that count at once, for Sluice, % with 95 % Monte Carlo interval',
    'Where the charter declares that the delay does not depend on the arm (`delayDependsOnArm: false`), minutes count towards a rollback before their window is over.',
    table(['KPI', ...rates.map(([perMinute, days]) => `${perMinute} a minute, ${days} days`)], rows),
  ];
}

function effectTable(results: CellResult[]): string[] {
  const policies = POLICIES.filter(([name]) => name !== 'kayenta-5-95');
  const cellsOf = (policy: string): string[] =>
    Object.keys(EFFECTS).map((effect) =>
      atRates((perMinute) =>
        exposure(find(results, (cell) => cell.kind === 'effect' && cell.effect === effect && cell.perMinute === perMinute)[policy]),
      ),
    );
  const titles: Record<string, string> = Object.fromEntries(
    ['cloudwatch', 'flagger', 'argo', 'z-test'].map((name) => [name, `${POLICIES.find(([one]) => one === name)?.[1] ?? name}, calibrated`]),
  );
  const intervals = Object.entries(EFFECTS).map(([effect, { title }]) => [
    title,
    ...RATES.map((perMinute) => {
      const outcome = find(results, (cell) => cell.kind === 'effect' && cell.effect === effect && cell.perMinute === perMinute)[OURS];
      return outcome === undefined ? '–' : medianWithInterval(outcome);
    }),
  ]);
  return [
    '## A worse candidate: median requests it answered before the rollback, at equal false alarm rate',
    'In brackets the share of days on which it is found within 24 hours, where that is below 100 %; – where it is found on fewer than half of them; ' +
      'impossible: no limit keeps to 5 % false alarms. Calibrated limits hold on a constant stream alone: under the ramp these rules roll back as often as above.',
    table(
      ['policy', ...Object.values(EFFECTS).map(({ title }) => title)],
      policies.map(([name, title]) => [titles[name] ?? title, ...cellsOf(name)]),
    ),
    'The same for Sluice with the 95 % interval of the median:',
    table(['candidate', ...RATES.map((perMinute) => `${perMinute} a minute`)], intervals),
  ];
}

function promotionTable(results: CellResult[]): string[] {
  const rows = kpiNames.flatMap((kpi) =>
    RATES.map((perMinute) => {
      const of = (candidate: 'same' | 'at-the-margin'): CellResult | undefined =>
        results.find(
          ({ cell }) => cell.kind === 'promotion' && cell.kpi === kpi && cell.perMinute === perMinute && cell.candidate === candidate,
        );
      const same = of('same')?.outcomes[OURS];
      const margin = of('at-the-margin');
      return [
        `${KPIS[kpi].title}, ${perMinute} a minute`,
        same === undefined ? '–' : percent(same.alarms / same.days),
        same?.medianMinute === undefined ? '–' : String(same.medianMinute),
        same?.medianExposed === undefined ? '–' : String(same.medianExposed),
        margin === undefined ? '–' : withInterval(margin),
      ];
    }),
  );
  return [
    '## Promotion on a constant 5 %, margin 20 %',
    table(
      [
        'cell',
        'no change: promoted within 24 h, %',
        'median minutes',
        'median candidate requests',
        'worse by exactly the margin: promoted, %',
      ],
      rows,
    ),
  ];
}

function find(results: CellResult[], matches: (cell: Cell) => boolean): Record<string, Outcome> {
  return results.find(({ cell }) => matches(cell))?.outcomes ?? {};
}

function withInterval(result: CellResult): string {
  const { share, interval, held: kept } = held(result);
  const text = `${percent(share)} (${percent(interval[0])} to ${percent(interval[1])})`;
  return kept ? text : `**${text}**`;
}

function exposure(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '–';
  if (outcome.limit === 'impossible') return 'impossible';
  const share = outcome.alarms / outcome.days;
  const found = share < 1 ? ` (${percent(share, share < 0.995 ? 0 : 1)} %)` : '';
  return `${outcome.medianExposed ?? '–'}${found}`;
}

function medianWithInterval({ medianExposed, medianExposedLow, medianExposedHigh }: Outcome): string {
  if (medianExposed === undefined) return '–';
  return `${medianExposed} (${medianExposedLow ?? '–'} to ${medianExposedHigh ?? 'never'})`;
}

const atRates = (text: (perMinute: number) => string): string => RATES.map(text).join(' / ');
const percent = (share: number, digits = 1): string => (100 * share).toFixed(digits);

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
