// Every claim is a case of its own, in the form that vLLM takes chats.
import { claim } from './claims.mjs';

export default function traffic({ random }) {
  let sequence = 0;
  return {
    next() {
      const { facts, document } = claim(random);
      sequence += 1;
      return {
        unit: `claim-${sequence}`,
        request: { messages: [{ role: 'user', content: document }], max_tokens: 300, stream: true },
        truth: facts,
      };
    },
  };
}
