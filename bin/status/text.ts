import type pc from 'picocolors';
import { money, monthWords, unpricedWords } from '../cost/text';
import type { CandidateStatus, InProgress } from './progress';
import type { Queued } from './queue';
import type { Status } from './status';
import { clock, listed, principal, since, span, until } from './words';

type Colours = ReturnType<typeof pc.createColors>;
type Row = [label: string, text: string];

const LABEL_COLUMNS = 15;

/** One screen, what needs somebody first. */
export function statusText(status: Status, colours: Colours): string {
  const nowMillis = Date.parse(status.at);
  const rows: Row[] = [
    ['answers', status.answers],
    ...stableRows(status, nowMillis),
    ...windowRows(status, nowMillis),
    ...progressRows(status.inProgress, nowMillis),
    ...verdictRows(status.candidate, nowMillis),
    ...status.queue.map((queued, index): Row => [index === 0 ? 'queue' : '', queueWords(queued, nowMillis)]),
    ...(status.freeze === undefined
      ? []
      : [['freeze', `until ${until(status.freeze.until, nowMillis)}: ${status.freeze.reason}`] satisfies Row]),
    ...incidentRows(status, nowMillis),
    ...costRows(status),
    ...holdoutRows(status),
    ...(status.reviewBy === undefined ? [] : [['review by', status.reviewBy.day] satisfies Row]),
    ...status.refusals.map((refusal, index): Row => [index === 0 ? 'refused' : '', refusalWords(refusal)]),
  ];
  return [
    heading(status, colours),
    ...attention(status, colours),
    '',
    ...rows.map(([label, text]) => colours.dim(label.padEnd(LABEL_COLUMNS)) + text),
  ].join('\n');
}

function heading({ useCase, mode, at }: Status, colours: Colours): string {
  const words = { none: 'not deployed', baseline: 'baseline', live: 'live', killed: 'KILLED', parked: 'parked' }[mode];
  const paint = { none: colours.yellow, baseline: colours.yellow, live: colours.green, killed: colours.red, parked: colours.yellow }[mode];
  return [...(useCase === '' ? [] : [colours.bold(useCase)]), paint(words), colours.dim(`${clock(at)} UTC`)].join('  ');
}

function attention({ attention: lines }: Status, colours: Colours): string[] {
  return lines.length === 0 ? [colours.green('nothing needs anybody')] : lines.map((line) => `${colours.red('!')} ${line}`);
}

function stableRows({ stable }: Status, nowMillis: number): Row[] {
  if (stable === undefined) return [];
  const { releaseId, since: from, requestedBy, adopted } = stable;
  const parts = [
    releaseId,
    ...(from === undefined ? [] : [`since ${since(from, nowMillis)}`]),
    ...(requestedBy === undefined ? [] : [`asked for by ${principal(requestedBy)}`]),
    ...(adopted === true ? ['the adopted endpoint'] : []),
  ];
  return [['stable', parts.join(', ')]];
}

function windowRows({ rollbackWindow }: Status, nowMillis: number): Row[] {
  if (rollbackWindow === undefined) return [];
  const { releaseId, until: end } = rollbackWindow;
  return [['rollback', `${releaseId} stays warm until ${until(end, nowMillis)}: sluice rollback returns to it at once`]];
}

function progressRows(inProgress: InProgress | undefined, nowMillis: number): Row[] {
  if (inProgress === undefined) return [];
  const { releaseId, requestedBy, requestedAt, requestReason, doing, changes, lane, gates, gatesLeft } = inProgress;
  const asked = `asked for by ${principal(requestedBy)} ${since(requestedAt, nowMillis)}${requestReason === undefined ? '' : `: ${requestReason}`}`;
  const failed = gates.filter(({ passed }) => !passed);
  const passed = gates.filter((gate) => gate.passed).map(({ gate }) => gate);
  return [
    ['in progress', `${releaseId} ${doing}`],
    ['', asked],
    ...(changes === undefined || changes.length === 0
      ? []
      : [['', `changes ${listed(changes)}${lane === undefined ? '' : `; lane ${lane}`}`] satisfies Row]),
    ...(gates.length + gatesLeft.length === 0
      ? []
      : [
          [
            'gates',
            [
              ...(passed.length === 0 ? [] : [`${listed(passed)} passed`]),
              ...(failed.length === 0 ? [] : [`${listed(failed.map(({ gate }) => gate))} failed`]),
              ...(gatesLeft.length === 0 ? [] : [`${listed(gatesLeft)} not done yet`]),
            ].join('; '),
          ] satisfies Row,
        ]),
    ...failed.map(({ gate, reason }): Row => ['', `${gate}: ${reason}`]),
  ];
}

function verdictRows(candidate: CandidateStatus | undefined, nowMillis: number): Row[] {
  const { verdict, step } = candidate ?? {};
  if (verdict === undefined) return step === undefined ? [] : [['verdict', 'has not looked yet']];
  const { at, decision, reason, words, evidence, threshold } = verdict;
  const how =
    evidence === undefined || threshold === undefined ? '' : ` (evidence for rolling back ${figure(evidence)} of ${figure(threshold)})`;
  const ago = span(nowMillis - Date.parse(at));
  return [
    ['verdict', `${decision}, ${ago} ago: ${reason}${how}`],
    ...words.filter((line) => line !== reason).map((line): Row => ['', line]),
  ];
}

const figure = (value: number): string => (value >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(3))));

function queueWords(
  { releaseId, requestedBy, requestedAt, waitsFor, until: end, behind, superseded, returnTo }: Queued,
  nowMillis: number,
): string {
  const waits =
    superseded === true
      ? 'is superseded and about to end'
      : waitsFor === undefined
        ? 'has just been asked for'
        : waitsFor === 'freeze'
          ? `waits for the end of the freeze${end === undefined ? '' : ` at ${until(end, nowMillis)}`}`
          : waitsFor === 'kill-switch'
            ? 'waits until the kill switch is off'
            : waitsFor === 'cost'
              ? 'waits: the cost guard lets no release begin (sluice cost)'
              : waitsFor === 'parked'
                ? 'waits for the endpoint, which is off and is being woken for it'
                : `waits for ${behind ?? 'its turn'}`;
  const returns = returnTo === undefined ? '' : ` (releases ${returnTo} anew)`;
  return `${releaseId}${returns} ${waits}; asked for by ${principal(requestedBy)} ${since(requestedAt, nowMillis)}`;
}

/** Those that need somebody stand above. */
function incidentRows({ incidents }: Status, nowMillis: number): Row[] {
  return incidents
    .filter(({ status, recoveredAt }) => status !== 'open' && recoveredAt !== undefined)
    .map(({ id, openedAt, status, reason }, index): Row => [
      index === 0 ? 'incidents' : '',
      `${id} ${status}, not resolved, since ${since(openedAt, nowMillis)}: ${reason}`,
    ]);
}

/** Orders, and what is met, stand above. */
function costRows({ costs }: Status): Row[] {
  if (costs === undefined) return [];
  const { currency, forecast, perHour } = costs;
  const rest = forecast === undefined ? '' : `, forecast ${money(forecast, currency)}`;
  return [
    ['cost', `${monthWords(costs)} this month${rest}; ${money(perHour.total, currency)} an hour`],
    ...unpricedWords(costs).map((line): Row => ['', line]),
  ];
}

function holdoutRows({ holdout, killCriteria }: Status): Row[] {
  const unmet = killCriteria.filter(({ state }) => state !== 'met');
  return [
    ...(holdout?.words ?? []).map((line, index): Row => [index === 0 ? 'lift' : '', line]),
    ...unmet.map(({ words }, index): Row => [index === 0 ? 'kill criteria' : '', words]),
  ];
}

const refusalWords = ({ at, what, by, reason }: Status['refusals'][number]): string =>
  `${clock(at)} ${what} by ${principal(by)}: ${reason}`;
