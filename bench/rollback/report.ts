import type { Condition, PeerRun } from './peers';
import type { SluiceRun } from './sluice';

type Row = (string | number)[];

const table = (head: string[], rows: Row[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const sorted = (values: number[]): number[] => values.toSorted((left, right) => left - right);
const median = (values: number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;

const seconds = (value: number): string => (value < 100 ? `${value.toFixed(1)} s` : `${(value / 60).toFixed(1)} min`);
const spread = (values: number[]): string => (values.length === 0 ? '–' : `${seconds(median(values))}; ${seconds(Math.max(...values))}`);

const known = (values: (number | undefined)[]): number[] => values.filter((value) => value !== undefined);

function grouped<Item>(items: Item[], name: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(name(item), [...(groups.get(name(item)) ?? []), item]);
  return [...groups];
}

/** What Sluice does, scenario by scenario. */
export function sluiceTable(runs: SluiceRun[]): string {
  const rows = grouped(runs, ({ scenario }) => scenario).map(([scenario, of]) => [
    scenario,
    of.length,
    spread(known(of.map(({ signToCommit }) => signToCommit))),
    spread(of.map(({ commitToLastAnswer }) => commitToLastAnswer)),
    Math.max(...of.map(({ answersAfterCommit }) => answersAfterCommit)),
    of.some(({ killed }) => killed) ? 'taken down' : spread(known(of.map(({ commitToRestored }) => commitToRestored))),
  ]);
  return table(
    [
      'rolled back by',
      'runs',
      'sign → commit: median; most',
      'commit → last start of a candidate answer: median; most',
      'answers begun after it, at most',
      'commit → endpoint on stable alone: median; most',
    ],
    rows,
  );
}

const CONDITION: Record<Condition, string> = {
  calm: 'calm',
  updating: 'the endpoint is `Updating` (stable gets an instance)',
  throttled: "SageMaker's API throttles for 20 min",
};

/** The same trouble under three designs, from the alarm on. */
export function comparison(sluice: SluiceRun[], peers: PeerRun[]): string {
  const ours: [Condition, string][] = [
    ['calm', 'alarm'],
    ['updating', 'alarm, endpoint refuses changes for 5 min and more'],
    ['throttled', 'alarm, UpdateEndpoint throttled for 20 min'],
  ];
  const rows: Row[] = ours.map(([condition, name]) => {
    const runs = sluice.filter(({ scenario }) => scenario === name);
    const total = runs.map(({ signToCommit, commitToLastAnswer }) => (signToCommit ?? 0) + commitToLastAnswer);
    return [
      'Sluice',
      CONDITION[condition],
      runs.length,
      spread(total),
      Math.max(...runs.map(({ answersAfterCommit }) => answersAfterCommit)),
      0,
    ];
  });
  for (const [, runs] of grouped(peers, ({ peer, condition }) => `${peer} ${condition}`)) {
    const [{ peer, condition } = { peer: 'plain', condition: 'calm' } as PeerRun] = runs;
    const ended = known(runs.map(({ alarmToLastAnswer }) => alarmToLastAnswer));
    const never = runs.length - ended.length;
    rows.push([
      peer === 'plain' ? 'alarm → Lambda → weights' : 'SageMaker guardrails',
      CONDITION[condition],
      runs.length,
      `${spread(ended)}${never === 0 ? '' : `; still answering after an hour: ${never}`}`,
      `${median(runs.map(({ answersAfterAlarm }) => answersAfterAlarm))}; ${Math.max(...runs.map(({ answersAfterAlarm }) => answersAfterAlarm))}`,
      `${runs.filter(({ givenUp }) => givenUp).length} of ${runs.length}`,
    ]);
  }
  return table(
    [
      'design',
      'while',
      'runs',
      'alarm → last start of an answer by the failing candidate: median; most',
      'its failed answers after the alarm: median; most',
      'rollback given up at least once',
    ],
    rows,
  );
}
