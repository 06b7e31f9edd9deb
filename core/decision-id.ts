import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Arm } from './contracts';

/** `{"current":"k2","k1":"…","k2":"…"}`: `current` names the signing key, the others still verify. */
export type Keyring = { current: string } & Record<string, string>;

export interface DecisionIdParts {
  keyring: Keyring;
  arm: Arm;
  releaseId: string;
  exposureMillis: number;
  /** From `unitKeyOf`. */
  unitKey: string;
  /** Any text that differs between two decisions of one unit in one minute, e.g. a UUID. */
  nonce: string;
}

export type DecisionIdReading =
  { ok: true; arm: Arm; releaseId: string; exposureMinuteMillis: number; unitKey: string } | { ok: false; reason: string };

/** SageMaker's limit of an InferenceId. */
export const MAX_DECISION_ID_LENGTH = 64;

const LETTER_OF_ARM: Record<Arm, string> = { candidate: 'c', stable: 's', baseline: 'b' };
const ARM_OF_LETTER: Record<string, Arm> = { c: 'candidate', s: 'stable', b: 'baseline' };
const KEY_ID = /^k[1-9]\d{0,2}$/;
const RELEASE_ID = /^[a-z0-9-]{1,16}$/;
const UNIT_KEY = /^[A-Za-z0-9_-]{11}$/;
const MINUTE = /^[0-9a-z]{1,6}$/;
const NONCE_CHARACTERS = 6;
const MAC_BYTES = 12;
const MINUTE_MILLIS = 60_000;
const SECRET_MIN_CHARACTERS = 16;

/** Reads the secret's text; the error never quotes a key. */
export function parseKeyring(secretString: string): Keyring {
  const keyring = parseObject(secretString);
  const keyIds = Object.keys(keyring).filter((name) => name !== 'current');
  for (const keyId of keyIds) {
    if (!KEY_ID.test(keyId)) {
      throw new Error(`Keyring: key id '${keyId}' is not k1 to k999`);
    }
    const key = keyring[keyId];
    if (typeof key !== 'string' || key.length < SECRET_MIN_CHARACTERS) {
      throw new Error(`Keyring: key '${keyId}' must be a text of at least ${SECRET_MIN_CHARACTERS} characters`);
    }
  }
  const current = keyring['current'];
  if (typeof current !== 'string' || !keyIds.includes(current)) {
    throw new Error(
      `Keyring: 'current' must name one of the keys (${keyIds.join(', ') || 'there is none'}), got ${JSON.stringify(current)}`,
    );
  }
  return keyring as Keyring;
}

/** What stands for a unit outside the gateway. Under the oldest key, so that it outlives a rotation. */
export function unitKeyOf(keyring: Keyring, useCase: string, unit: string): string {
  return createHmac('sha256', keyOf(keyring, oldestKeyId(keyring)))
    .update(`unit\n${useCase}\n${unit}`, 'utf8')
    .digest()
    .subarray(0, 8)
    .toString('base64url');
}

/** `<key id>.<arm><release>.<minute>.<unit key>.<nonce>.<MAC>`, always at most 64 characters. */
export function makeDecisionId(parts: DecisionIdParts): string {
  const { keyring, arm, releaseId, exposureMillis, unitKey } = parts;
  if (!RELEASE_ID.test(releaseId)) {
    throw new Error(`Release id '${releaseId}' does not fit a decision id: 1 to 16 of a-z, 0-9 and -`);
  }
  if (!UNIT_KEY.test(unitKey)) {
    throw new Error(`Unit key '${unitKey}' does not fit a decision id: use unitKeyOf()`);
  }
  const minute = Math.floor(exposureMillis / MINUTE_MILLIS).toString(36);
  if (!(exposureMillis >= 0) || !MINUTE.test(minute)) {
    throw new Error(`Exposure time ${exposureMillis} does not fit a decision id: epoch milliseconds expected`);
  }
  const nonce = createHash('sha256').update(parts.nonce, 'utf8').digest('base64url').slice(0, NONCE_CHARACTERS);
  const signed = [keyring.current, `${LETTER_OF_ARM[arm]}${releaseId}`, minute, unitKey, nonce].join('.');
  const id = `${signed}.${macOf(keyOf(keyring, keyring.current), signed)}`;
  if (id.length > MAX_DECISION_ID_LENGTH) {
    throw new Error(`Decision id '${id}' has ${id.length} characters, at most ${MAX_DECISION_ID_LENGTH} are allowed`);
  }
  return id;
}

/** Believes nothing of an id before its MAC holds. */
export function readDecisionId(keyring: Keyring, id: string): DecisionIdReading {
  const fields = typeof id === 'string' && id.length <= MAX_DECISION_ID_LENGTH ? id.split('.') : [];
  const [keyId, release, minute, unitKey, nonce, mac] = fields;
  if (
    fields.length !== 6 ||
    keyId === undefined ||
    release === undefined ||
    minute === undefined ||
    unitKey === undefined ||
    nonce === undefined ||
    mac === undefined
  ) {
    return { ok: false, reason: 'not a decision id: six fields between dots, at most 64 characters' };
  }
  if (!KEY_ID.test(keyId) || !Object.hasOwn(keyring, keyId)) {
    return { ok: false, reason: 'signed with a key that is not in the keyring' };
  }
  if (!sameText(mac, macOf(keyOf(keyring, keyId), id.slice(0, id.lastIndexOf('.'))))) {
    return { ok: false, reason: 'the signature does not fit: forged, or changed on its way' };
  }
  const arm = ARM_OF_LETTER[release.charAt(0)];
  if (arm === undefined) {
    return { ok: false, reason: `unknown arm '${release.charAt(0)}'` };
  }
  const exposureMinuteMillis = Number.parseInt(minute, 36) * MINUTE_MILLIS;
  return { ok: true, arm, releaseId: release.slice(1), exposureMinuteMillis, unitKey };
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would quote the secret.
    throw new Error('Keyring: the secret is not JSON; expected {"current":"k1","k1":"…"}');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('Keyring: the secret is not a JSON object; expected {"current":"k1","k1":"…"}');
  }
  return value as Record<string, unknown>;
}

function oldestKeyId(keyring: Keyring): string {
  const numbers = Object.keys(keyring)
    .filter((name) => KEY_ID.test(name))
    .map((keyId) => Number(keyId.slice(1)));
  return `k${Math.min(...numbers)}`;
}

function keyOf(keyring: Keyring, keyId: string): string {
  const key = keyring[keyId];
  if (key === undefined) {
    throw new Error(`Keyring: there is no key '${keyId}'`);
  }
  return key;
}

function macOf(key: string, signed: string): string {
  return createHmac('sha256', key).update(`decision\n${signed}`, 'utf8').digest().subarray(0, MAC_BYTES).toString('base64url');
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given, 'utf8');
  const b = Buffer.from(expected, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}
