interface Mail {
  subject?: string;
  text?: string;
}

const KEYWORDS = ['free', 'money', 'click', 'credit', 'guarantee', 'offer', '$', 'unsubscribe', 'price', 'order'];
const SUSPICIOUS_KEYWORDS = 2;

/** The null model: a mail with two keywords is spam. Any model must beat this to earn its keep. */
export function answer(request: unknown): { label: 'spam' | 'ham'; score: number } {
  const { subject = '', text = '' } = request as Mail;
  const words = `${subject} ${text}`.toLowerCase();
  const found = KEYWORDS.filter((keyword) => words.includes(keyword)).length;
  return { label: found >= SUSPICIOUS_KEYWORDS ? 'spam' : 'ham', score: Math.min(1, found / KEYWORDS.length) };
}
