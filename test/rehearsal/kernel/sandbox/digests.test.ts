import crypto from 'node:crypto';
import { createHash, createHmac } from '../../../../rehearsal/kernel/sandbox/digests';

const inputs = ['', 'text', 'ünï', Buffer.from([0, 255, 7]), Buffer.alloc(200_000, 7)];
const keys = ['', 'key', Buffer.alloc(64, 3), Buffer.alloc(65, 3), Buffer.alloc(300, 9)];

describe('hashes of the sandbox', () => {
  it.each(['md5', 'sha1', 'sha256', 'sha512', 'sha384'])('are those of node: %s', (algorithm) => {
    for (const input of inputs) {
      expect(createHash(algorithm).update(input).digest('hex')).toBe(crypto.createHash(algorithm).update(input).digest('hex'));
      for (const key of keys) {
        expect(createHmac(algorithm, key).update(input).digest()).toEqual(crypto.createHmac(algorithm, key).update(input).digest());
      }
    }
  });

  it('take many updates, encodings and no update at all', () => {
    expect(createHash('sha256').update('a').update('b').digest('base64')).toBe(crypto.createHash('sha256').update('ab').digest('base64'));
    expect(createHash('sha256').update('6162', 'hex').digest('hex')).toBe(crypto.createHash('sha256').update('ab').digest('hex'));
    expect(createHmac('sha256', 'k').digest('hex')).toBe(crypto.createHmac('sha256', 'k').digest('hex'));
  });

  it('keep what they were given, whatever becomes of it', () => {
    const bytes = Buffer.from('before');
    const hash = createHash('sha256').update(bytes);
    bytes.fill(0);
    expect(hash.digest('hex')).toBe(crypto.createHash('sha256').update('before').digest('hex'));
  });

  it('are hashes in every other way: copies, streams, instances', async () => {
    const hash = createHash('sha256').update('a');
    expect(hash.copy().update('b').digest('hex')).toBe(crypto.createHash('sha256').update('ab').digest('hex'));
    expect(hash).toBeInstanceOf(crypto.Hash);
    const stream = createHash('sha256');
    stream.end('streamed');
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks)).toEqual(crypto.createHash('sha256').update('streamed').digest());
  });

  it('refuse what node refuses', () => {
    const hash = createHash('sha256').update('a');
    hash.digest();
    expect(() => hash.digest()).toThrow('Digest already called');
    expect(() => hash.update('more')).toThrow('Digest already called');
    expect(() => createHash('sha256').update(5 as never)).toThrow(/"data" argument must be/);
    expect(() => createHash('nonsense')).toThrow();
  });
});
