import type { ApplicationResult, ExecutionResult } from '../../application/result';
import { tookText } from '../../application/words';
import { escapeHtml } from '../escape';
import { clockText, countText } from '../words';
import { isBroken } from './lanes';

/** Of those that went well, and of all others. */
const MOST_SUCCEEDED = 12;
const MOST_OTHERS = 60;
const MOST_STATES = 12;

const cell = (text: string | number, kind = ''): string =>
  `<td${kind === '' ? '' : ` class="${kind}"`}>${typeof text === 'number' ? countText(text) : escapeHtml(text)}</td>`;

const NUMBERS = /^(Messages|Ran|Failed|Resources|Started|Took|Entered|Tried again)$/;

/** A table whose rows become cards on a narrow screen: each cell knows its heading, and the roles stay those of a table. */
export function table(caption: string, headings: readonly string[], rows: readonly string[][]): string {
  const heading = (text: string): string =>
    `<th role="columnheader" scope="col"${NUMBERS.test(text) ? ' class="number"' : ''}>${text}</th>`;
  const labelled = (one: string, index: number): string =>
    one.replace(
      /^<t([dh])/,
      (_, kind: string) => `<t${kind} role="${kind === 'h' ? 'rowheader' : 'cell'}" data-label="${headings[index] ?? ''}"`,
    );
  return `<table class="cards" role="table" aria-label="${escapeHtml(caption)}">
<thead role="rowgroup"><tr role="row">${headings.map(heading).join('')}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => `<tr role="row">${cells.map(labelled).join('')}</tr>`).join('\n')}</tbody></table>`;
}

/** Those that did not succeed first. */
export function executionTable({ executions }: ApplicationResult): string {
  if (executions.length === 0) return '';
  const succeeded = executions.filter(({ status }) => status === 'SUCCEEDED');
  const others = executions
    .filter(({ status }) => status !== 'SUCCEEDED')
    .sort((one, other) => Number(isBroken(other)) - Number(isBroken(one)));
  const rows = [...others.slice(0, MOST_OTHERS), ...succeeded.slice(0, MOST_SUCCEEDED)].map((execution) => {
    const { stateMachine, name, status, startedAtSeconds, endedAtSeconds } = execution;
    return [
      `<td class="status ${isBroken(execution) ? 'broken' : status === 'SUCCEEDED' ? 'held' : ''}">${escapeHtml(status)}</td>`,
      `<td>${escapeHtml(name)}<small>${escapeHtml(stateMachine)}</small></td>`,
      cell(clockText(startedAtSeconds), 'number'),
      cell(endedAtSeconds === undefined ? 'still runs' : tookText(endedAtSeconds - startedAtSeconds), 'number'),
      `<td>${escapeHtml(pathText(execution))}${whyText(execution)}</td>`,
    ];
  });
  const more = executions.length - rows.length;
  return `<h3>Executions</h3>${table('Executions', ['Status', 'Execution', 'Started', 'Took', 'States'], rows)}
${more === 0 ? '' : `<p class="reason">${countText(more)} more: --json lists them.</p>`}`;
}

function pathText({ states, statesLeftOut = 0 }: ExecutionResult): string {
  const names = states.map(({ state }) => state);
  if (names.length + statesLeftOut <= MOST_STATES) return names.join(' → ');
  const half = MOST_STATES / 2;
  return [...names.slice(0, half), `… ${names.length + statesLeftOut - MOST_STATES} more …`, ...names.slice(-half)].join(' → ');
}

const whyText = ({ error, cause }: ExecutionResult): string =>
  error === undefined && cause === undefined
    ? ''
    : `<div class="error">${escapeHtml([error, cause].filter((part) => part !== undefined).join(': '))}</div>`;

export function queueTable({ queues }: ApplicationResult): string {
  if (queues.length === 0) return '';
  const rows = queues.map(({ queue, messages, isDeadLetterQueue }) => [
    cell(queue),
    cell(isDeadLetterQueue ? 'dead-letter queue' : 'queue'),
    cell(messages, isDeadLetterQueue && messages > 0 ? 'number broken' : 'number'),
  ]);
  return `<h3>Messages in queues at the end</h3>${table('Queues', ['Queue', 'Kind', 'Messages'], rows)}`;
}

export function functionTable({ functions }: ApplicationResult): string {
  if (functions.length === 0) return '';
  const rows = functions.map(({ function: name, invocations, errors, standIn }) => [
    cell(standIn === true ? `${name} (a stand-in)` : name),
    cell(invocations, 'number'),
    cell(errors, errors > 0 ? 'number broken' : 'number'),
  ]);
  return `<h3>Functions</h3>${table('Functions', ['Function', 'Ran', 'Failed'], rows)}`;
}

export function alarmTable({ alarms }: ApplicationResult): string {
  if (alarms.length === 0) return '';
  const rows = alarms.map(({ alarm, state, changes }) => [
    cell(alarm),
    cell(state, state === 'ALARM' ? 'broken' : ''),
    cell(
      changes
        .filter(({ t }) => t >= 0)
        .map((change) => `${clockText(change.t)} ${change.state}`)
        .join(', '),
    ),
  ]);
  return `<h3>Alarms</h3>${table('Alarms', ['Alarm', 'At the end', 'Changes'], rows)}`;
}

export function stackTable({ stacks }: ApplicationResult): string {
  const status = (words: string, bad: boolean, why = ''): string =>
    `<td class="status${bad ? ' broken' : ''}">${escapeHtml(words)}${why === '' ? '' : `<small>${escapeHtml(why)}</small>`}</td>`;
  const rows = stacks.map(({ name, status: deployed, reason, resources, deletion, deletionReason, retained }) => [
    `<th scope="row">${escapeHtml(name)}</th>`,
    status(deployed, deployed !== 'CREATE_COMPLETE', reason),
    cell(resources, 'number'),
    status(deletion, deletion === 'DELETE_FAILED', deletionReason),
    cell(retained.map(({ constructPath }) => constructPath).join(', ')),
  ]);
  return `<h3>Stacks</h3>${table('Stacks', ['Stack', 'Deployed', 'Resources', 'Deleted', 'Retained'], rows)}`;
}
