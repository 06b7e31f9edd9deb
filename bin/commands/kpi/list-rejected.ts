import type { CommandSpec } from '../../arguments';
import { helpText, parseArguments } from '../../arguments';
import type { Io } from '../../io';
import { EXIT, print } from '../../io';
import { type Found, outputOf, rejectedEvents, SEARCH_OPTIONS, searchOf } from './rejected-events';
import type { Connect } from './store';

const SPEC: CommandSpec = {
  name: 'kpi rejected',
  summary: 'Says which KPI events were kept but not counted, by reason, with examples.',
  positionals: [],
  options: SEARCH_OPTIONS,
  notes: ['sluice kpi replay sends them again. exit codes: 0 done, 1 AWS cannot be reached or refuses, 2 bad input'],
};

const EXAMPLES = 3;
const SHOWN_CHARACTERS = 200;

interface Group {
  reason: string;
  events: number;
  replayed: number;
  byKpi: Record<string, number>;
  examples: Pick<Found, 'eventId' | 'kpi' | 'receivedAt' | 'detail' | 'body'>[];
}

export async function listRejected(args: string[], io: Io, connect: Connect): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const search = searchOf(parsed, SPEC, Date.now());
  const { region } = parsed.texts;
  const store = await connect({ table: outputOf('LedgerTableName', parsed, 'table'), ...(region === undefined ? {} : { region }) });
  const groups = new Map<string, Group>();
  for await (const found of rejectedEvents(store, search)) add(groups, found);
  const sorted = [...groups.values()].sort((left, right) => right.events - left.events);
  const since = new Date(search.sinceMillis).toISOString();
  const until = new Date(search.untilMillis).toISOString();
  if (parsed.flags['json'] === true) print(io, JSON.stringify({ since, until, reasons: sorted }, null, 2));
  else print(io, textOf(sorted, since, until));
  return EXIT.ok;
}

function add(groups: Map<string, Group>, { reason, eventId, kpi, receivedAt, detail, body, replayedAt }: Found): void {
  const group = groups.get(reason) ?? { reason, events: 0, replayed: 0, byKpi: {}, examples: [] };
  groups.set(reason, group);
  const name = kpi ?? 'unknown';
  group.events += 1;
  group.replayed += replayedAt === undefined ? 0 : 1;
  group.byKpi[name] = (group.byKpi[name] ?? 0) + 1;
  if (group.examples.length < EXAMPLES)
    group.examples.push({ eventId, ...(kpi === undefined ? {} : { kpi }), receivedAt, detail, body: cut(body) });
}

function textOf(groups: Group[], since: string, until: string): string {
  const span = `from ${since} to ${until}`;
  if (groups.length === 0) return `no KPI event was rejected ${span}`;
  const total = groups.reduce((sum, { events }) => sum + events, 0);
  return [`${total} KPI ${total === 1 ? 'event was' : 'events were'} rejected ${span}`, ...groups.flatMap(linesOf)].join('\n');
}

function linesOf({ reason, events, replayed, byKpi, examples }: Group): string[] {
  const kpis = Object.entries(byKpi).map(([name, count]) => `${name} ${count}`);
  return [
    '',
    `${reason}: ${events}${replayed === 0 ? '' : ` (${replayed} replayed)`} – ${kpis.join(', ')}`,
    ...examples.flatMap(({ eventId, receivedAt, detail }) => [
      `  ${receivedAt}  ${eventId}`,
      `    ${cut(detail).replaceAll('\n', '\n    ')}`,
    ]),
  ];
}

const cut = (text: string): string => (text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`);
