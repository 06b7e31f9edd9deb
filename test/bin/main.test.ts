import { version } from '../../package.json';
import { COMMANDS } from '../../bin/commands';
import { main } from '../../bin/main';
import { BadInputError } from '../../core/errors';
import { captured, sluice } from './capture';

test('without a command it says what there is, as an error', async () => {
  const { code, out } = await sluice();
  expect(code).toBe(2);
  for (const { name } of COMMANDS) expect(out).toContain(`  ${name} `);
});

test.each(['--help', '-h', 'help'])('%s says the same without error', async (flag) => {
  expect((await sluice(flag)).code).toBe(0);
});

test('--version', async () => {
  expect(await sluice('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('an unknown command is named, with what is allowed and what is near', async () => {
  const { code, out, err } = await sluice('reherse', 'x');
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/"reherse"[\s\S]*validate, rehearse[\s\S]*Did you mean "rehearse"\?/);
});

test.each(['init', 'validate', 'approve', 'reject', 'rollback', 'kill', 'revive'])('%s --help', async (name) => {
  const { code, out } = await sluice(name, '--help');
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^usage: sluice ${name}[\\s\\S]*--help`));
});

test('kpi put --help', async () => {
  expect((await sluice('kpi', 'put', '--help')).out).toMatch(/^usage: sluice kpi put/);
  expect((await sluice('kpi', '--help')).out).toMatch(/put .*\n {2}rejected .*\n {2}replay /);
});

describe('what a command throws', () => {
  const throwing = async (error: unknown, debug = false): Promise<{ code: number; err: string }> => {
    const load = jest.spyOn(COMMANDS[0]!, 'load').mockResolvedValue({ run: () => Promise.reject(error) });
    const io = captured();
    const code = await main([COMMANDS[0]!.name], io, debug);
    load.mockRestore();
    return { code, err: io.err() };
  };

  test('bad input: exit 2, its message alone', async () => {
    expect(await throwing(new BadInputError('change this'))).toEqual({ code: 2, err: 'change this\n' });
  });

  test('unsupported: exit 3', async () => {
    const error = Object.assign(new Error('AWS::Foo::Bar'), { name: 'UnsupportedError' });
    expect(await throwing(error)).toMatchObject({ code: 3, err: expect.stringContaining('AWS::Foo::Bar') as string });
  });

  test('anything else: exit 1, and a stack trace only when asked for', async () => {
    const { code, err } = await throwing(new TypeError('oh'));
    expect([code, err]).toEqual([1, 'sluice: TypeError: oh\n  (SLUICE_DEBUG=1 shows where)\n']);
    expect((await throwing(new TypeError('oh'), true)).err).toMatch(/\n\s+at /);
    expect(await throwing('text')).toEqual({ code: 1, err: 'sluice: text\n' });
  });
});
