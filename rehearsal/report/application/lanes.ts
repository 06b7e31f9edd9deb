import type { ApplicationResult, ExecutionResult } from '../../application/result';
import { tookText } from '../../application/words';
import { escapeHtml } from '../escape';
import { durationText, sentence } from '../words';
import { grouped } from './layout/grouped';

const ROW_PIXELS = 12;
const MOST_ROWS = 8;
/** Beyond this many marks, a lane shows how many there were in each part of the time. */
const MOST_MARKS = 240;
const PARTS = 200;
const MOST_TICKS = 6;
const NICE_SECONDS = [60, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000];

interface Mark {
  from: number;
  to?: number;
  kind: '' | 'broken' | 'person' | 'fault' | 'open';
  words: string;
}

interface Lane {
  label: string;
  marks: Mark[];
}

/** When inputs, executions, faults, people and alarms happened: one lane each, from the start to the end of the run. */
export function lanes(result: ApplicationResult): string {
  const all = [inputs(result), ...executions(result), faults(result), people(result), ...alarms(result), troubles(result)];
  const shown = all.filter(({ marks }) => marks.length > 0);
  if (shown.length === 0) return '<p>Nothing happened.</p>';
  const end = Math.max(60, result.virtualSeconds, result.drainedAtSeconds);
  const tick = NICE_SECONDS.find((seconds) => end / seconds <= MOST_TICKS) ?? end;
  return `<div class="lanes" style="--tick:${((tick / end) * 100).toFixed(3)}%">
${shown.map((lane) => drawLane(lane, end)).join('\n')}
<div class="lane axis" aria-hidden="true"><div class="label"></div><div class="track">${axis(end, tick)}</div></div>
</div>`;
}

function axis(end: number, tick: number): string {
  const times = Array.from({ length: Math.floor(end / tick) + 1 }, (_, index) => index * tick).filter((seconds) => seconds < end * 0.93);
  return times
    .map((seconds) => `<span style="left:${percent(seconds, end)}">${seconds === 0 ? 'start' : durationText(seconds)}</span>`)
    .join('');
}

const percent = (seconds: number, end: number): string => `${(Math.min(1, Math.max(0, seconds / end)) * 100).toFixed(2)}%`;

function drawLane({ label, marks }: Lane, end: number): string {
  const placed = inRows(marks.length > MOST_MARKS ? summarised(marks, end) : marks, end);
  const rows = Math.max(...placed.map(({ row }) => row)) + 1;
  const spans = placed.map(({ mark: { from, to, kind, words }, row }) => {
    const width = to === undefined ? '' : `;width:${percent(to - Math.max(0, from), end)}`;
    return `<span${kind === '' ? '' : ` class="${kind}"`} style="left:${percent(from, end)};top:${8 + row * ROW_PIXELS}px${width}" title="${escapeHtml(words)}"></span>`;
  });
  const broken = marks.filter(({ kind }) => kind === 'broken').length;
  const told = `${label}: ${marks.length}${broken === 0 ? '' : `, ${broken} of them not well`}; first ${momentText(marks[0]!.from)}, last ${momentText(marks.at(-1)!.from)}`;
  return `<div class="lane"><div class="label">${escapeHtml(label)}</div>
<div class="track" role="img" aria-label="${escapeHtml(told)}" style="min-height:${14 + rows * ROW_PIXELS}px">${spans.join('')}</div></div>`;
}

const momentText = (seconds: number): string => `after ${durationText(seconds)}`;

/** Bars that would cover each other lie in rows; the last row takes what finds no place. */
function inRows(marks: readonly Mark[], end: number): { mark: Mark; row: number }[] {
  const free: number[] = [];
  const least = end / 300;
  return marks.map((mark) => {
    const found = free.findIndex((until) => until <= mark.from);
    const row = found !== -1 ? found : Math.min(free.length, MOST_ROWS - 1);
    free[row] = Math.max(free[row] ?? 0, mark.to ?? mark.from) + least;
    return { mark, row };
  });
}

function summarised(marks: readonly Mark[], end: number): Mark[] {
  const part = (from: number): number => Math.min(PARTS - 1, Math.floor((Math.max(0, from) / end) * PARTS));
  return [...grouped(marks, ({ from }) => part(from))].map(([index, group]) => {
    const broken = group.filter(({ kind }) => kind === 'broken').length;
    const from = (index * end) / PARTS;
    return {
      from,
      to: from + (end / PARTS) * 0.8,
      kind: broken > 0 ? 'broken' : (group[0]?.kind ?? ''),
      words: `${group.length} from ${durationText(from)} on${broken === 0 ? '' : `, ${broken} of them not well`}`,
    };
  });
}

const inputs = (result: ApplicationResult): Lane => ({
  label: result.inputsLeftOut === undefined ? 'Inputs' : `Inputs (${result.inputsLeftOut} more, all taken)`,
  marks: result.inputs.map(({ t, kind, to, ok, words }) => ({ from: t, kind: ok ? '' : 'broken', words: `${kind} to ${to}: ${words}` })),
});

export const isBroken = ({ status }: ExecutionResult): boolean => status !== 'SUCCEEDED' && status !== 'RUNNING';

const executions = ({ executions: all, drainedAtSeconds }: ApplicationResult): Lane[] =>
  [...grouped(all, ({ stateMachine }) => stateMachine)].map(([stateMachine, ofMachine]) => ({
    label: `Executions of ${stateMachine}`,
    marks: ofMachine.map((execution): Mark => {
      const { name, status, startedAtSeconds, endedAtSeconds } = execution;
      return {
        from: startedAtSeconds,
        to: endedAtSeconds ?? drainedAtSeconds,
        kind: isBroken(execution) ? 'broken' : endedAtSeconds === undefined ? 'open' : '',
        words: `${name}: ${status}${endedAtSeconds === undefined ? '' : ` after ${tookText(endedAtSeconds - startedAtSeconds)}`}`,
      };
    }),
  }));

const told = ({ timeline }: ApplicationResult, source: string, kind: Mark['kind']): Mark[] =>
  timeline.filter((entry) => entry.source === source && entry.t >= 0).map((entry) => ({ from: entry.t, kind, words: sentence(entry) }));

const faults = (result: ApplicationResult): Lane => ({ label: 'Faults', marks: told(result, 'fault', 'fault') });
const people = (result: ApplicationResult): Lane => ({ label: 'People', marks: told(result, 'people', 'person') });

/** From each change to ALARM to the next change. */
const alarms = ({ alarms: all, drainedAtSeconds }: ApplicationResult): Lane[] =>
  all.map(({ alarm, changes }) => ({
    label: `Alarm ${alarm}`,
    marks: changes.flatMap(({ t, state }, index): Mark[] =>
      state === 'ALARM' ? [{ from: t, to: changes[index + 1]?.t ?? drainedAtSeconds, kind: 'broken', words: 'in ALARM' }] : [],
    ),
  }));

const TROUBLES: Record<string, RegExp> = {
  iam: /^denied$/,
  sqs: /^dead-letter$/,
  lambda: /^(error|event-dropped|destination-failed)$/,
  sns: /failed/,
  eventbridge: /failed/,
  scheduler: /failed/,
};

const troubles = ({ timeline }: ApplicationResult): Lane => ({
  label: 'Errors and refusals',
  marks: timeline
    .filter(({ t, source, event }) => t >= 0 && (TROUBLES[source]?.test(event) ?? false))
    .map((entry) => ({ from: entry.t, kind: 'broken', words: sentence(entry) })),
});
