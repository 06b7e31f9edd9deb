interface Mail {
  text: string;
}

const WORDS: string[] = ['winner', 'free'];

/** Keywords, without a model. */
export function answer(request: unknown): { label: string } {
  const { text } = request as Mail;
  return { label: WORDS.some((word) => text.toLowerCase().includes(word)) ? 'spam' : 'ham' };
}
