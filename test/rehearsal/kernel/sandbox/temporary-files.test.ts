import { VirtualClock } from '../../../../rehearsal/kernel/clock';
import { createRandom } from '../../../../rehearsal/kernel/random';
import { Sandbox } from '../../../../rehearsal/kernel/sandbox/sandbox';
import { folder } from './folder';

function sandboxOf(code: string, layer: string): () => Promise<unknown> {
  const clock = new VirtualClock({ startMillis: 5000 });
  const source = `const fs = require('fs'); const { pipeline } = require('stream/promises');
    const codeOf = (work) => { try { work(); return 'fine'; } catch (error) { return error.code ?? error.message; } };
    exports.handler = async () => { ${code} };`;
  const sandbox = new Sandbox({
    name: 'tested',
    assetDirectory: folder({ 'index.js': source, 'rules.txt': 'rule' }),
    layers: [layer],
    env: {},
    clock,
    random: createRandom(1),
    transport: () => Promise.reject(new Error('no transport in this test')),
    print: () => undefined,
    crash: () => undefined,
    unsupported: (what) => new Error(`unsupported: ${what}`),
  });
  const handler = sandbox.load('index')['handler'] as () => Promise<unknown>;
  return () => clock.complete(handler());
}

const run = (code: string): Promise<unknown> => sandboxOf(code, folder({ 'share/note.txt': 'from the layer' }))();

test('/tmp takes files and folders, by all three ways of fs', async () => {
  const result = await run(`
    fs.mkdirSync('/tmp/a/b', { recursive: true });
    fs.writeFileSync('/tmp/a/b/one.txt', 'one');
    await fs.promises.appendFile('/tmp/a/b/one.txt', ' more');
    await new Promise((resolve, reject) => fs.writeFile('/tmp/a/two.bin', Buffer.from([1, 2]), (error) => (error ? reject(error) : resolve())));
    fs.renameSync('/tmp/a/two.bin', '/tmp/a/b/two.bin');
    fs.copyFileSync('rules.txt', '/tmp/a/rules.txt');
    const stat = fs.statSync('/tmp/a/b/one.txt');
    return [fs.readFileSync('/tmp/a/b/one.txt', 'utf8'), fs.readdirSync('/tmp/a/b'), fs.readdirSync('/tmp', { recursive: true }).length, stat.size, stat.isFile(), stat.mtimeMs,
      fs.existsSync('/tmp/a/rules.txt'), (await fs.promises.readFile('/tmp/a/rules.txt')).toString(), fs.mkdtempSync('/tmp/x-').startsWith('/tmp/x-')];`);
  expect(result).toEqual(['one more', ['one.txt', 'two.bin'], 5, 8, true, 5000, true, 'rule', true]);
});

test('streams write and read there', async () => {
  const result = await run(`
    const out = fs.createWriteStream('/tmp/s.txt');
    out.write('a'); out.end('b');
    await new Promise((resolve) => out.on('finish', resolve));
    await pipeline(fs.createReadStream('/tmp/s.txt'), fs.createWriteStream('/tmp/t.txt'));
    let text = '';
    for await (const chunk of fs.createReadStream('rules.txt')) text += chunk;
    return [fs.readFileSync('/tmp/t.txt', 'utf8'), text];`);
  expect(result).toEqual(['ab', 'rule']);
});

test('the asset is found where it lies, also below /tmp of this machine', async () => {
  expect(await run(`return [fs.readFileSync(__dirname + '/rules.txt', 'utf8'), fs.existsSync(__filename)];`)).toEqual(['rule', true]);
});

test('errors are those of fs, and elsewhere everything is read-only', async () => {
  const result = await run(`
    fs.writeFileSync('/tmp/f', 'x');
    fs.mkdirSync('/tmp/full/inner', { recursive: true });
    const codes = [
      () => fs.readFileSync('/tmp/none'), () => fs.writeFileSync('/tmp/no/where', 'x'), () => fs.mkdirSync('/tmp/full'), () => fs.readFileSync('/tmp/full'),
      () => fs.rmdirSync('/tmp/full'), () => fs.readdirSync('/tmp/f'), () => fs.writeFileSync('/tmp/f', 'y', { flag: 'wx' }), () => fs.unlinkSync('/tmp/full'),
      () => fs.rmSync('/tmp/none', { force: true }), () => fs.writeFileSync('/var/task/x', 'x'), () => fs.writeFileSync('/tmp/../etc/x', 'x'), () => fs.renameSync('/tmp/f', 'here'),
    ].map(codeOf);
    fs.rmSync('/tmp/full', { recursive: true });
    return [...codes, fs.existsSync('/tmp/full/inner'), fs.statSync('/tmp/none', { throwIfNoEntry: false }) ?? 'nothing'];`);
  expect(result).toEqual([
    ...['ENOENT', 'ENOENT', 'EEXIST', 'EISDIR', 'ENOTEMPTY', 'ENOTDIR', 'EEXIST', 'EISDIR', 'fine'],
    ...['EROFS', 'EROFS', 'EROFS', false, 'nothing'],
  ]);
});

test('files of a layer lie in /opt; another environment has a /tmp of its own', async () => {
  const code = `const seen = fs.existsSync('/tmp/mark'); fs.writeFileSync('/tmp/mark', ''); return [seen, fs.readFileSync('/opt/share/note.txt', 'utf8'), fs.readFileSync(require('path').resolve('rules.txt'), 'utf8')];`;
  const handler = sandboxOf(code, folder({ 'share/note.txt': 'from the layer' }));
  expect(await handler()).toEqual([false, 'from the layer', 'rule']);
  expect(await handler()).toEqual([true, 'from the layer', 'rule']);
  expect(await run(code)).toEqual([false, 'from the layer', 'rule']);
});
