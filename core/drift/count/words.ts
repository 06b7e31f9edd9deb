import { finished } from './hash';

/** What a sign is in a text. */
const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
/** Scripts that set no blanks between words: each sign counts as a word. */
const SIGN = 3;
const UNKNOWN = 255;

const SIGNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Filled as signs are met: Unicode's tables are slow to ask. */
const kinds = new Uint8Array(65_536).fill(UNKNOWN);
const small = new Uint16Array(65_536);

/** Takes the words of a text one by one: hash of the word in small letters, and the code of its first sign. */
export type WordSink = (hash: number, firstCode: number) => void;

/** Words and numbers; `sink` gets the first `most` words that have no digits. */
export function eachWord(text: string, most: number, sink: WordSink): number {
  let tokens = 0;
  let words = 0;
  for (let at = 0; at < text.length; at += 1) {
    const first = text.charCodeAt(at);
    const kind = kindOf(first);
    if (kind === OTHER) continue;
    tokens += 1;
    let hash = step(0x811c9dc5, first);
    let digits = kind === DIGIT;
    if (kind !== SIGN) {
      for (let next = at + 1; next < text.length; next += 1) {
        const code = text.charCodeAt(next);
        const inside = kindOf(code);
        if (inside !== LETTER && inside !== DIGIT) break;
        if (inside === DIGIT) digits = true;
        hash = step(hash, code);
        at = next;
      }
    }
    if (digits || words >= most) continue;
    words += 1;
    sink(finished(hash), first);
  }
  return tokens;
}

const step = (hash: number, code: number): number => Math.imul(hash ^ (small[code] as number), 0x01000193);

function kindOf(code: number): number {
  const known = kinds[code] as number;
  return known === UNKNOWN ? learned(code) : known;
}

function learned(code: number): number {
  const sign = String.fromCharCode(code);
  const kind = SIGNS.test(sign) ? SIGN : /[\p{L}\p{M}]/u.test(sign) ? LETTER : /\p{N}/u.test(sign) ? DIGIT : OTHER;
  kinds[code] = kind;
  small[code] = sign.toLowerCase().charCodeAt(0);
  return kind;
}
