import type { DrawnFlow, DrawnState, MachinePicture } from '../../application/pictures';
import { applicationSucceeded, type ApplicationRehearsal, type ApplicationResult, type CheckName } from '../../application/result';
import { brokenIn, isTurn } from '../../application/words';
import { escapeHtml } from '../escape';
import { checkColumns, checkItem, permissions, problemList, tileList, timelineTable } from '../parts';
import { countText, durationText, sentence } from '../words';
import { isBroken, lanes } from './lanes';
import { onlyEntered } from './entered';
import { machineSvg } from './machine-picture';
import { alarmTable, executionTable, functionTable, queueTable, stackTable, table } from './tables';

const LEGEND =
  'The fuller a box, the more often its state was entered; dashed: never. A red frame: it failed at least once. Arrows: which way executions went; dashed ones are catchers, red ones were taken. A dot below a box: the flow ends there.';

/** What still can be read on a screen of 390 pixels. */
const NARROW_PIXELS = 520;

/** One scenario: pictures first, then what was expected, then all that the pictures are made of. */
export function applicationSection(rehearsal: ApplicationRehearsal, index: number): string {
  const { result } = rehearsal;
  const ok = applicationSucceeded(result);
  return `<section class="application" id="${escapeHtml(result.scenario)}">
<h2>${escapeHtml(result.scenario)} <span class="pill ${ok ? 'held' : 'broken'}">${ok ? 'as expected' : 'not as expected'}</span></h2>
<p class="title">${escapeHtml(result.title)}</p>
<p class="verdict">${escapeHtml(verdictText(result))}</p>
${problemList(brokenIn(result))}
${tileList(tiles(rehearsal))}
<h3>What happened when</h3>
${lanes(result)}
${machines(rehearsal.pictures, index)}
${outcomes(result)}
${executionTable(result)}
${queueTable(result)}
${alarmTable(result)}
${functionTable(result)}
${stackTable(result)}
${underWay(result)}
${timeline(result)}
${permissions(result.iam)}
</section>`;
}

export function verdictText({ inputs, inputsLeftOut = 0, executions, expectations, checks }: ApplicationResult): string {
  const bad = executions.filter(isBroken).length;
  const failed = [...expectations, ...checks].filter(({ held }) => !held).length;
  const all = expectations.length + checks.length;
  const ran = executions.length === 0 ? [] : [plural(executions.length, 'execution')];
  const sentences = [
    `${[plural(inputs.length + inputsLeftOut, 'input'), ...ran].join(', ')}.`,
    ...(bad === 0 ? [] : [`${countText(bad)} of them did not succeed.`]),
    failed === 0
      ? `All ${countText(all)} expectations and checks held.`
      : `${countText(failed)} of ${countText(all)} expectations and checks did not hold.`,
  ];
  return sentences.join(' ');
}

const plural = (count: number, what: string): string => `${countText(count)} ${what}${count === 1 ? '' : 's'}`;

function tiles({ result, wallSeconds }: ApplicationRehearsal): [string, string, string][] {
  const { inputs, inputsLeftOut = 0, executions, functions, virtualSeconds, drainedAtSeconds, seed } = result;
  const refused = inputs.filter(({ ok }) => !ok).length;
  const bad = executions.filter(isBroken).length;
  const errors = functions.reduce((sum, one) => sum + one.errors, 0);
  const none = (count: number, words: string): string => (count === 0 ? `none ${words}` : `${countText(count)} ${words}`);
  const drained = drainedAtSeconds - virtualSeconds;
  return [
    ['inputs', countText(inputs.length + inputsLeftOut), none(refused, 'refused')],
    ['executions', countText(executions.length), none(bad, 'failed')],
    ['function invocations', countText(functions.reduce((sum, { invocations }) => sum + invocations, 0)), none(errors, 'failed')],
    [
      'virtual time',
      durationText(virtualSeconds),
      `${drained > 0 ? `${durationText(drained)} more to run dry, ` : ''}in ${wallSeconds.toFixed(1)} s, seed ${seed}`,
    ],
  ];
}

function machines(pictures: readonly MachinePicture[], scenario: number): string {
  if (pictures.length === 0) return '';
  return `<h3>State machines</h3>
<p class="legend">${LEGEND}</p>
<div class="pictures">${pictures.map((picture, index) => machineFigure(picture, `machine-${scenario}-${index}`)).join('\n')}</div>`;
}

function machineFigure(picture: MachinePicture, id: string): string {
  const rows = statesOf(picture.flow).map(({ name, type, arrows }) => {
    const { entered = 0, failed = 0, retried = 0 } = picture.counts[name] ?? {};
    const number = (count: number, bad: boolean): string =>
      `<td class="number${bad && count > 0 ? ' broken' : ''}">${countText(count)}</td>`;
    const next = [...new Set(arrows.map(({ to }) => to))].join(', ');
    return [
      `<th scope="row">${escapeHtml(name)}</th>`,
      `<td>${type}</td>`,
      number(entered, false),
      number(failed, true),
      number(retried, false),
      `<td>${escapeHtml(next)}</td>`,
    ];
  });
  return `<figure><figcaption><h4>${escapeHtml(picture.stateMachine)}</h4><p>${plural(picture.executions, 'execution')}</p></figcaption>
${drawn(picture, id)}
<details><summary>The same as a table</summary>
${table(`states of ${picture.stateMachine}`, ['State', 'Type', 'Entered', 'Failed', 'Tried again', 'Goes to'], rows)}</details></figure>`;
}

/** On a narrow screen a wide machine shows the way that executions took; the table has all states. */
function drawn(picture: MachinePicture, id: string): string {
  const whole = machineSvg(picture, id);
  const frame = (svg: string, kind: string): string =>
    `<div class="picture${kind}" role="group" tabindex="0" aria-label="${escapeHtml(`picture of ${picture.stateMachine}`)}">${svg}</div>`;
  if (whole.width <= NARROW_PIXELS || picture.executions === 0) return frame(whole.svg, '');
  const entered = machineSvg({ ...picture, flow: onlyEntered(picture) }, `${id}-entered`);
  return `${frame(whole.svg, ' wide')}
${frame(`<p class="legend">Only the states that were entered:</p>${entered.svg}`, ' narrow')}`;
}

const statesOf = ({ states }: DrawnFlow): DrawnState[] => states.flatMap((state) => [state, ...state.inner.flatMap(statesOf)]);

const CHECK_WORDS: Record<CheckName, string> = {
  deployed: 'every stack was deployed',
  executions: 'every execution succeeded',
  'dead-letters': 'no message lies in a dead-letter queue',
  inputs: 'every input was taken',
  functions: 'no function failed for good',
  deliveries: 'everything was delivered',
  'least-privilege': 'no call was denied',
  deleted: 'every stack could be deleted',
};

function outcomes({ expectations, checks }: ApplicationResult): string {
  const expected = expectations.map(({ text, held, seen }) => checkItem(held, held || seen === undefined ? text : `${text}, but: ${seen}`));
  const always = checks.map(({ name, held, violations = [], count = 0 }) => {
    const more = count > violations.length ? `; ${countText(count - violations.length)} more` : '';
    return checkItem(held, held ? CHECK_WORDS[name] : `${CHECK_WORDS[name]}, but: ${violations.join('; ')}${more}`);
  });
  return checkColumns({ Expectations: expected, 'Unless expected otherwise': always });
}

function underWay({ stillUnderWay }: ApplicationResult): string {
  if (stillUnderWay.length === 0) return '';
  return `<h3>Still under way at the end</h3><ul class="notes">${stillUnderWay.map((what) => `<li>${escapeHtml(what)}</li>`).join('')}</ul>`;
}

const timeline = ({ timeline: entries }: ApplicationResult): string =>
  timelineTable(
    entries.filter((entry) => entry.t >= 0 || isTurn(entry)),
    { isTurn, words: (entry) => sentence(entry), machinery: 'the machinery: stacks, executions that went well, endpoints' },
  );
