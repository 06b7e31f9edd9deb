import { createECDH, createHmac } from 'node:crypto';

/** Order of NIST P-256. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const CURVE = 'prime256v1';
/** SubjectPublicKeyInfo of a P-256 key, up to its point. */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

/** A private key on P-256, from random bytes. */
export function privateKeyFrom(random: Uint8Array): Buffer {
  return bytesOf((numberOf(random) % (ORDER - 1n)) + 1n);
}

/** DER, as KMS gives it. */
export function publicKeyDer(privateKey: Buffer): Uint8Array {
  return Buffer.concat([SPKI_PREFIX, pointOf(privateKey)]);
}

/**
 * ECDSA over a SHA-256 digest, DER. The nonce comes from key and digest: node's own signatures differ from run to run, and so would a
 * rehearsal's evidence. Good for rehearsals alone.
 */
export function signDigest(privateKey: Buffer, digest: Uint8Array): Uint8Array {
  const d = numberOf(privateKey);
  for (let attempt = 0; ; attempt += 1) {
    const nonce = createHmac('sha256', privateKey).update(digest).update(String(attempt)).digest();
    const k = numberOf(privateKeyFrom(nonce));
    const r = numberOf(pointOf(bytesOf(k)).subarray(1, 33)) % ORDER;
    const s = (inverse(k) * ((numberOf(digest) + r * d) % ORDER)) % ORDER;
    if (r !== 0n && s !== 0n) return derSequence(derInteger(r), derInteger(s));
  }
}

function pointOf(privateKey: Buffer): Buffer {
  const ecdh = createECDH(CURVE);
  ecdh.setPrivateKey(privateKey);
  return ecdh.getPublicKey();
}

/** Modulo the order, which is prime: extended Euclid. */
function inverse(value: bigint): bigint {
  let [low, high, lowFactor, highFactor] = [value % ORDER, ORDER, 1n, 0n];
  while (low > 1n) {
    const times = high / low;
    [low, high] = [high - low * times, low];
    [lowFactor, highFactor] = [highFactor - lowFactor * times, lowFactor];
  }
  return ((lowFactor % ORDER) + ORDER) % ORDER;
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  // A first bit that is set would make it negative.
  const positive = bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, positive.length), positive]);
}

function derSequence(...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}
