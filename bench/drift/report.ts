import { EFFECTS, type Effect, FULL, type Kind } from './cells';
import { percentText, worseThanKnown } from './published';
import type { Race } from './race';
import { type CellResult, EVIDENTLY, OURS } from './run-cell';

export interface Results {
  cells: CellResult[];
  race: Race;
}

const METHODS: [name: string, title: string][] = [
  [EVIDENTLY, 'Evidently 0.7.23, defaults'],
  ['psi', 'PSI over deciles ≥ 0.1'],
  ['ks', 'Kolmogorov-Smirnov p < 0.05'],
  ['nannyml', "NannyML's default, chunks of the window's size"],
  ['sagemaker', 'SageMaker Robust, threshold 0.1'],
  [OURS, '**Sluice**'],
];

const TITLES: Record<Effect, string> = {
  none: 'Nothing moved: false alarms, % of the windows of a feature',
  trivial: 'A trivial move (0.05 σ; 0.5 % of the rows change category): alarms, %',
  shift: 'A move that matters (0.3 σ; 5 % of the rows change category): found, %',
  scale: 'A spread 1.5 times as large: found, %',
};

const METHOD = `Normal values, and 20 categories of Zipf's frequencies; ${FULL.repetitions} windows of a feature in each cell, the same rows for every method, seeded. Ours goes the whole way: sample, fitted baseline, profile, judge, for a use case of 20 features judged hourly over four windows with one false alarm a year allowed; below 200 rows it says "not enough data". Evidently's tests are those that it takes by default for a column, with their default limits. SageMaker's rule is the largest difference of the distributions, less 1.8 · √((n+m)/(nm)), above 0.1. Kolmogorov and Smirnov's test knows no categories. NannyML's rule is Jensen and Shannon's distance beyond three standard deviations of that of the baseline's own chunks; it needs two of them.`;

/** The same results give the same text. */
export function reportOf({ cells, race }: Results): string {
  const sections = [10_000, 1000].flatMap((baselineRows) =>
    EFFECTS.map(
      (effect) =>
        `## ${TITLES[effect]}; baseline of ${baselineRows.toLocaleString('en').replace(',', ' ')} rows\n\n${table(cells, effect, baselineRows)}`,
    ),
  );
  return [
    `# Drift beside what others do`,
    METHOD,
    ...sections,
    `## Beside what is known of the two gates`,
    knownText(cells),
    `## 200 000 captured records`,
    raceText(race),
    '',
  ].join('\n\n');
}

/** Numbers and categories, or numbers alone where there are no categories. */
function table(cells: CellResult[], effect: Effect, baselineRows: number): string {
  const sizes = FULL.rows;
  const share = (method: string, kind: Kind, rows: number): string | undefined => {
    const found = cells.find(
      ({ cell }) => cell.kind === kind && cell.effect === effect && cell.rows === rows && cell.baselineRows === baselineRows,
    );
    const alarms = found?.alarms[method];
    if (found === undefined || alarms === undefined) return undefined;
    return String(Number(((100 * alarms) / found.windows).toFixed(1)));
  };
  const row = ([method, title]: [string, string]): string => {
    const of = (rows: number): string =>
      [share(method, 'numeric', rows), share(method, 'categorical', rows)].filter((text) => text !== undefined).join(' / ');
    return `| ${title} | ${sizes.map((rows) => of(rows) || '–').join(' | ')} |`;
  };
  const head = `| numeric${effect === 'scale' ? '' : ' / categorical'} | ${sizes.map((rows) => `n = ${rows}`).join(' | ')} |`;
  return [head, `|---|${sizes.map(() => '---|').join('')}`, ...METHODS.map(row)].join('\n');
}

function knownText(cells: CellResult[]): string {
  const worse = worseThanKnown(cells);
  return worse.length === 0
    ? 'No cell is worse: no alarm where nothing moved or the move is trivial, and at least as many found.'
    : worse.map((line) => `- ${line}`).join('\n');
}

function raceText({ records, baselineRecords, ours, evidently }: Race): string {
  const seconds = (value: number): string => value.toFixed(2);
  const rows = [
    `| Sluice | ${seconds(ours.seconds)} | ${seconds(ours.cpuSeconds)} | ${Math.round(ours.peakMegabytes)} |`,
    ...(evidently === undefined
      ? []
      : [`| Evidently | ${seconds(evidently.seconds)} | ${seconds(evidently.cpuSeconds)} | ${Math.round(evidently.peakMegabytes)} |`]),
  ];
  const intro = `${records} records of data capture as SageMaker writes them (nine features, JSON in JSON) beside ${baselineRecords} of the baseline, both read from files; whole processes, from their start to the last figure. Found: ${ours.findings.join(', ')}.`;
  const table = ['| | seconds | of processors | peak memory, MB |', '|---|---|---|---|', ...rows].join('\n');
  if (evidently === undefined) return [intro, table].join('\n\n');
  const { importSeconds, readSeconds, testSeconds } = evidently;
  const end = `${(evidently.seconds / ours.seconds).toFixed(0)} times as fast, medians of three; the target is 20. Of Evidently's time, loading takes ${seconds(importSeconds)} s, reading ${seconds(readSeconds)} s, the report without its HTML ${seconds(testSeconds)} s.`;
  return [intro, table, end].join('\n\n');
}

export const summaryOf = (cells: CellResult[]): string[] =>
  cells.map(
    ({ cell, windows, alarms }) =>
      `${cell.kind}, ${cell.effect}, ${cell.rows} beside ${cell.baselineRows}: ${percentText((alarms[OURS] ?? 0) / windows)}`,
  );
