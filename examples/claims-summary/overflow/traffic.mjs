// Long files: many notes of the same claim.
import { claim } from '../claims.mjs';

const NOTES = 80;

export default function traffic({ random }) {
  let sequence = 0;
  return {
    next() {
      const { facts, document } = claim(random);
      const content = Array.from({ length: NOTES }, (_, note) => `Note ${note + 1}. ${document}`).join('\n');
      sequence += 1;
      return { unit: `file-${sequence}`, request: { messages: [{ role: 'user', content }], max_tokens: 600 }, truth: facts };
    },
  };
}
