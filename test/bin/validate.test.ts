import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newFolder, removeFolders, sluice } from './capture';

const SAMPLE = path.join(__dirname, '..', 'core', 'charter', 'sample.yaml');

afterAll(removeFolders);

function useCase(change: (text: string) => string = (text) => text): string {
  const folder = newFolder();
  copyFileSync(SAMPLE, path.join(folder, 'usecase.yaml'));
  writeFileSync(path.join(folder, 'usecase.yaml'), change(readFileSync(SAMPLE, 'utf8')));
  writeFileSync(path.join(folder, 'baseline.ts'), 'export const answer = () => ({});\n');
  return folder;
}

test('a charter that holds: settings without effect and the traffic a verdict takes', async () => {
  const { code, out, err } = await sluice('validate', useCase());
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/support-triage holds/);
  expect(out).toMatch(/no effect yet: review: /);
  expect(out).toMatch(/verdict: missed-spam: .* units a minute are needed/);
});

test('hours for the traffic one expects', async () => {
  expect((await sluice('validate', useCase(), '--units-per-minute', '100')).out).toMatch(
    /100 units a minute give a verdict after about [\d.]+ h/,
  );
  expect((await sluice('validate', useCase(), '--units-per-minute', 'many')).code).toBe(2);
});

test('--json is one object', async () => {
  const { out } = await sluice('validate', useCase(), '--json');
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    useCase: 'support-triage',
    power: [{ kpi: 'missed-spam' }, { kpi: 'wrongly-blocked' }],
  });
  const bad = await sluice(
    'validate',
    useCase((text) => text.replace('window: 6h', 'window: 6x')),
    '--json',
  );
  expect([bad.code, bad.err]).toEqual([2, '']);
  expect(JSON.parse(bad.out)).toMatchObject({ ok: false, problems: [{ path: 'kpis[0].window', given: '"6x"' }] });
});

test('a review day that has passed is said', async () => {
  const { out } = await sluice(
    'validate',
    useCase((text) => text.replace('reviewBy: 2027-03-31', 'reviewBy: 2020-01-31')),
  );
  expect(out).toMatch(/overdue: charter\.reviewBy was 2020-01-31/);
});

test('a charter that must change: exit 2, file and line', async () => {
  const { code, out, err } = await sluice(
    'validate',
    useCase((text) => text.replace('window: 6h', 'windw: 6h')),
  );
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/usecase\.yaml:\d+ {2}kpis\[0\]\.windw: [\s\S]*Did you mean "window"\?/);
});

test('files are looked for beside the charter', async () => {
  const { code, err } = await sluice(
    'validate',
    useCase((text) => text.replace('rule: baseline.ts', 'rule: other.ts')),
  );
  expect(code).toBe(2);
  expect(err).toMatch(/baseline\.rule: is not there/);
});

describe('what is no use case', () => {
  const cases: [string, () => string, RegExp][] = [
    ['no folder', () => '/does/not/exist', /there is no such folder/],
    ['a file', () => SAMPLE, /is no folder/],
    ['an empty folder', () => newFolder(), /usecase\.yaml: there is no such file/],
    ['a folder named as the charter', () => withFolder(newFolder()), /is no file/],
    ['10 MB', () => useCase(() => '['.repeat(10_000_000)), /too large[\s\S]*10000000 bytes/],
    ['binary', () => withBytes(newFolder()), /no UTF-8/],
  ];

  test.each(cases)('%s', async (_, folder, message) => {
    const { code, err } = await sluice('validate', folder());
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

function withFolder(folder: string): string {
  mkdirSync(path.join(folder, 'usecase.yaml'));
  return folder;
}

function withBytes(folder: string): string {
  writeFileSync(path.join(folder, 'usecase.yaml'), Buffer.from([0xff, 0xfe, 0x00, 0xc3]));
  return folder;
}
