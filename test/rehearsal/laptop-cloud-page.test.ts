import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDoubles, resourceTypes } from '../../rehearsal/services';
import { createTestCloud } from './support/harness';

const FILE = path.join(__dirname, '../../constructs-docs/laptop-cloud.md');

const isRow = (line: string): boolean => line.startsWith('| `');

/** The rows below a heading of the page; UPDATE_PAGE=1 writes the expected ones there. */
function rows(heading: string, expected: string[]): string[] {
  const [before = '', section = ''] = readFileSync(FILE, 'utf8').split(`\n## ${heading}\n`);
  const [table = '', ...more] = section.split(/(?=\n## )/);
  const lines = table.split('\n');
  if (process.env['UPDATE_PAGE'] === '1') {
    const first = lines.findIndex(isRow);
    const others = lines.filter((line) => !isRow(line));
    others.splice(first, 0, ...expected);
    writeFileSync(FILE, `${before}\n## ${heading}\n${others.join('\n')}${more.join('')}`);
    return expected;
  }
  return lines.filter(isRow);
}

// The page is what users plan by: what it lists is what there is, no more and no less.
it('lists every operation of every service', () => {
  let doubles: ReturnType<typeof createDoubles> = [];
  createTestCloud((cloud) => (doubles = createDoubles(cloud)));
  const expected = doubles
    .map(({ service, operations }) => `| \`${service}\` | ${Object.keys(operations).sort().join(', ') || 'none'} |`)
    .sort();
  expect(rows('Operations', expected)).toEqual(expected);
});

it('lists every CloudFormation type', () => {
  const services = new Map<string, string[]>();
  for (const { type } of resourceTypes) {
    const parts = type.split('::');
    const name = parts.pop() ?? '';
    const group = parts.join('::');
    services.set(group, [...(services.get(group) ?? []), name]);
  }
  const expected = [...services].map(([group, names]) => `| \`${group}\` | ${names.sort().join(', ')} |`).sort();
  expect(rows('CloudFormation types', expected)).toEqual(expected);
});
