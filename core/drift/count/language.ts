import { hash32 } from './hash';
import { STOP_WORDS } from './stop-words';

export const UNKNOWN_LANGUAGE = 'unknown';

/** Fewer hits, or a smaller share of the words, say nothing. */
const LEAST_HITS = 2;
const LEAST_SHARE = 0.1;

const LANGUAGES = Object.keys(STOP_WORDS);

/** Languages that are alone with their script: from, to (UTF-16), language. Kana come before Han: Japanese has both. */
const SCRIPTS: [number, number, string][] = [
  [0x3040, 0x30ff, 'ja'],
  [0x3400, 0x9fff, 'zh'],
  [0x1100, 0x11ff, 'ko'],
  [0x3130, 0x318f, 'ko'],
  [0xac00, 0xd7af, 'ko'],
  [0x0370, 0x03ff, 'el'],
  [0x0590, 0x05ff, 'he'],
  [0x0900, 0x097f, 'hi'],
  [0x0e00, 0x0e7f, 'th'],
];
/** Of words in Han and kana, so many kana make a text Japanese. */
const KANA_SHARE = 0.05;

const table = stopWordTable();

/** Tells the language of a text from its most frequent words, or from its script. */
export class LanguageGuess {
  private readonly hits = new Array<number>(LANGUAGES.length).fill(0);
  private readonly scripts: Record<string, number> = {};
  private words = 0;
  private found = 0;

  reset(): void {
    if (this.words === 0) return;
    this.hits.fill(0);
    for (const language of Object.keys(this.scripts)) this.scripts[language] = 0;
    this.words = 0;
    this.found = 0;
  }

  add(hash: number, firstCode: number): void {
    this.words += 1;
    if (firstCode >= 0x0370) this.addScript(firstCode);
    const languages = table.get(hash);
    if (languages === undefined) return;
    this.found += 1;
    // A word that few languages have says more.
    const weight = 12 / languages.length;
    for (const index of languages) this.hits[index] = (this.hits[index] as number) + weight;
  }

  /** ISO 639-1, or `unknown`. */
  result(): string {
    return this.byScript() ?? this.byWords() ?? UNKNOWN_LANGUAGE;
  }

  private addScript(code: number): void {
    for (const [from, to, language] of SCRIPTS) {
      if (code < from || code > to) continue;
      this.scripts[language] = (this.scripts[language] ?? 0) + 1;
      return;
    }
  }

  private byScript(): string | undefined {
    const { ja = 0, zh = 0 } = this.scripts;
    if (ja + zh > this.words / 2) return ja > (ja + zh) * KANA_SHARE ? 'ja' : 'zh';
    return Object.keys(this.scripts).find((language) => (this.scripts[language] ?? 0) > this.words / 2);
  }

  private byWords(): string | undefined {
    if (this.found < LEAST_HITS || this.found < this.words * LEAST_SHARE) return undefined;
    let best = 0;
    let second = 0;
    let language: string | undefined;
    for (const [index, hits] of this.hits.entries()) {
      if (hits > best) {
        second = best;
        best = hits;
        language = LANGUAGES[index];
      } else if (hits > second) second = hits;
    }
    return best > second ? language : undefined;
  }
}

function stopWordTable(): Map<number, number[]> {
  const languages = new Map<number, number[]>();
  for (const [index, language] of LANGUAGES.entries()) {
    for (const word of new Set((STOP_WORDS[language] as string).split(' '))) {
      const hash = hash32(word);
      languages.set(hash, [...(languages.get(hash) ?? []), index]);
    }
  }
  return languages;
}
