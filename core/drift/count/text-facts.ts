import { LanguageGuess } from './language';
import { isRefusal } from './refusal';
import type { TextFacts } from './types';
import { eachWord } from './words';

/** Words of a text that tell its language and are compared with the vocabulary. */
export const WORDS_KEPT = 200;

const guess = new LanguageGuess();

export function textFactsOf(text: string): TextFacts {
  const words: number[] = [];
  guess.reset();
  const tokens = eachWord(text, WORDS_KEPT, (hash, firstCode) => {
    words.push(hash);
    guess.add(hash, firstCode);
  });
  return { length: text.length, tokens, language: guess.result(), refusal: isRefusal(text), words };
}
