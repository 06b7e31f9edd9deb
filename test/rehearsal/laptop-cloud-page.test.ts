import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createDoubles, resourceTypes } from '../../rehearsal/services';
import { createTestCloud } from './support/harness';

const page = readFileSync(path.join(__dirname, '../../constructs-docs/laptop-cloud.md'), 'utf8');

const rows = (heading: string): string[] => {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  return (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
};

// The page is what users plan by: what it lists is what there is, no more and no less.
it('lists every operation of every service', () => {
  let doubles: ReturnType<typeof createDoubles> = [];
  createTestCloud((cloud) => (doubles = createDoubles(cloud)));
  const expected = doubles
    .map(({ service, operations }) => `| \`${service}\` | ${Object.keys(operations).sort().join(', ') || 'none'} |`)
    .sort();
  expect(rows('Operations')).toEqual(expected);
});

it('lists every CloudFormation type', () => {
  const services = new Map<string, string[]>();
  for (const { type } of resourceTypes) {
    const [owner = '', service = '', name = ''] = type.split('::');
    const group = `${owner}::${service}`;
    services.set(group, [...(services.get(group) ?? []), name]);
  }
  const expected = [...services].map(([group, names]) => `| \`${group}\` | ${names.sort().join(', ')} |`).sort();
  expect(rows('CloudFormation types')).toEqual(expected);
});
