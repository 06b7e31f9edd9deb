import crypto from 'node:crypto';
import { bundleHandler } from '../../support/bundle';
import { Sandbox } from '../../../../rehearsal/kernel/sandbox/sandbox';
import { VirtualClock } from '../../../../rehearsal/kernel/clock';
import { createRandom } from '../../../../rehearsal/kernel/random';

const asset = bundleHandler(`
  import { createHmac } from 'node:crypto';
  export const handler = () => {
    const keys = ['', 'key', Buffer.from('key'), Buffer.alloc(65, 3), ...Array.from({ length: 70 }, (_, index) => 'key ' + index), 'key'];
    const changed = Buffer.from('before');
    createHmac('sha256', changed);
    changed.write('after.');
    return [...keys, changed].map((key) => createHmac('sha256', key).update('text').digest('hex'));
  };
`);

it('prepares keys once, and for no other key than the one given', () => {
  const fail = (error: unknown): never => {
    throw error;
  };
  const sandbox = new Sandbox({
    name: 'hmac',
    assetDirectory: asset,
    env: {},
    clock: new VirtualClock({ startMillis: 0 }),
    random: createRandom(1),
    transport: () => Promise.reject(new Error('no request is expected')),
    print: () => undefined,
    crash: fail,
    unsupported: (what) => new Error(what),
  });
  const handler = sandbox.load('index')['handler'] as () => string[];
  const many = Array.from({ length: 70 }, (_, index) => `key ${index}`);
  const keys = ['', 'key', 'key', Buffer.alloc(65, 3), ...many, 'key', 'after.'];
  expect(handler()).toEqual(keys.map((key) => crypto.createHmac('sha256', key).update('text').digest('hex')));
});
