import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sharedUseCase } from '../../support/use-case-template';

const DOCS = path.join(__dirname, '..', '..', '..', 'constructs-docs');
const RUNBOOKS = path.join(DOCS, 'runbooks');

/** The anchors of a page: its headings as GitHub writes them. */
const anchorsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('every alarm links a heading of the runbook of alarms', () => {
  const alarms = Object.values(sharedUseCase().template.findResources('AWS::CloudWatch::Alarm'));
  const linked = alarms.map(({ Properties }) => /\/alarm\.md#([\w-]+)/.exec(JSON.stringify(Properties))?.[1]);
  expect(linked.length).toBeGreaterThan(5);
  const anchors = anchorsOf(path.join(RUNBOOKS, 'alarm.md'));
  expect([...new Set(linked)].filter((name) => name === undefined || !anchors.includes(name))).toEqual([]);
});

const links = [...readdirSync(RUNBOOKS).map((page) => path.join(RUNBOOKS, page)), path.join(DOCS, 'approvals.md')].flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]*)(?:#([\w-]+))?\)/g)].map(([, file = '', anchor]) => ({
    page: path.relative(DOCS, page),
    target: file === '' ? page : path.join(path.dirname(page), file),
    anchor,
  })),
);

test.each(links)('$page links what is there: $target $anchor', ({ target, anchor }) => {
  expect(readdirSync(path.dirname(target))).toContain(path.basename(target));
  if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor);
});
