import crypto from 'node:crypto';

type Digest = crypto.Hash | crypto.Hmac;

/** Longer input is not worth a copy: the real object takes it as it comes. */
const longestCopy = 65_536;
const blockBytes: Record<string, number> = { md5: 64, sha1: 64, sha256: 64, sha512: 128 };

/**
 * Stands in for node's object as long as it is used as signing uses it: one update, one digest. Then one call into native code does, and
 * no native object is left to the garbage collector. Anything else goes to the real object, which is made when first needed.
 */
abstract class OneShot {
  private given: Buffer | undefined;
  private real: Digest | undefined;
  private done = false;

  protected abstract make(): Digest;
  protected abstract whole(bytes: Uint8Array): Buffer;

  update(data: unknown, encoding?: crypto.Encoding): this {
    const isPlain = typeof data === 'string' ? encoding === undefined || encoding === 'utf8' : data instanceof Uint8Array;
    if (this.done || this.real !== undefined || this.given !== undefined || !isPlain || (data as Uint8Array).length > longestCopy) {
      this.materialise().update(data as string, encoding as crypto.Encoding);
    } else {
      this.given = typeof data === 'string' ? Buffer.from(data) : copyOf(data as Uint8Array);
    }
    return this;
  }

  digest(encoding?: crypto.BinaryToTextEncoding | 'buffer'): Buffer | string {
    if (this.done || this.real !== undefined) return this.materialise().digest(encoding as crypto.BinaryToTextEncoding);
    const result = this.whole(this.given ?? Buffer.alloc(0));
    this.done = true;
    return encoding === undefined || encoding === 'buffer' ? result : result.toString(encoding);
  }

  materialise(): Digest {
    if (this.real !== undefined) return this.real;
    this.real = this.make();
    if (this.given !== undefined) this.real.update(this.given);
    // So that a second digest fails as node words it.
    if (this.done) this.real.digest();
    return this.real;
  }
}

class OneShotHash extends OneShot {
  constructor(private readonly algorithm: string) {
    super();
  }

  protected make(): Digest {
    return crypto.createHash(this.algorithm);
  }

  protected whole(bytes: Uint8Array): Buffer {
    return crypto.hash(this.algorithm, bytes, 'buffer');
  }
}

/** RFC 2104, by two hashes. */
class OneShotHmac extends OneShot {
  constructor(
    private readonly algorithm: string,
    private readonly key: Buffer,
    private readonly block: number,
  ) {
    super();
  }

  protected make(): Digest {
    return crypto.createHmac(this.algorithm, this.key);
  }

  protected whole(bytes: Uint8Array): Buffer {
    const { algorithm, block } = this;
    const key = this.key.length > block ? crypto.hash(algorithm, this.key, 'buffer') : this.key;
    const inner = Buffer.alloc(block + bytes.length, 0x36);
    const outer = Buffer.alloc(block, 0x5c);
    for (const [index, byte] of key.entries()) {
      inner[index] = byte ^ 0x36;
      outer[index] = byte ^ 0x5c;
    }
    inner.set(bytes, block);
    return crypto.hash(algorithm, Buffer.concat([outer, crypto.hash(algorithm, inner, 'buffer')]), 'buffer');
  }
}

/** The caller may change its bytes before the digest. */
function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafe(bytes.byteLength);
  copy.set(bytes);
  return copy;
}

/** Streams, `copy` and all else that hashes can do: by the real object. */
function delegate(shortcut: { prototype: object }, real: { prototype: object }): void {
  const own = new Set(['constructor', 'update', 'digest', 'materialise']);
  for (
    let level: object | null = real.prototype;
    level !== null && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object
  ) {
    for (const name of Reflect.ownKeys(level)) {
      if (own.has(name as string) || Object.hasOwn(shortcut.prototype, name)) continue;
      Object.defineProperty(shortcut.prototype, name, {
        configurable: true,
        get(this: OneShot): unknown {
          const target = this.materialise();
          const value = Reflect.get(target, name) as unknown;
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    }
  }
  Object.setPrototypeOf(shortcut.prototype, Object.create(real.prototype, Object.getOwnPropertyDescriptors(OneShot.prototype)) as object);
}

delegate(OneShotHash, crypto.Hash as unknown as { prototype: object });
delegate(OneShotHmac, crypto.Hmac as unknown as { prototype: object });

export const createHash = ((algorithm: string, options?: crypto.HashOptions) =>
  options === undefined && Object.hasOwn(blockBytes, algorithm)
    ? new OneShotHash(algorithm)
    : crypto.createHash(algorithm, options)) as unknown as typeof crypto.createHash;

export const createHmac = ((algorithm: string, key: crypto.BinaryLike | crypto.KeyObject, options?: { encoding?: BufferEncoding }) => {
  const block = Object.hasOwn(blockBytes, algorithm) ? blockBytes[algorithm] : undefined;
  const isPlain = typeof key === 'string' || Buffer.isBuffer(key);
  if (block === undefined || !isPlain || options !== undefined) return crypto.createHmac(algorithm, key, options as never);
  return new OneShotHmac(algorithm, Buffer.from(key as string), block);
}) as unknown as typeof crypto.createHmac;
