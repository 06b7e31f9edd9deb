// Real requests: mails of the traffic half, drawn with replacement. Every mail is a case of its own.
import { mails } from './mail.mjs';

export default function traffic({ random }) {
  const { traffic: pool } = mails();
  let sequence = 0;
  return {
    next() {
      const mail = pool[Math.floor(random() * pool.length)];
      sequence += 1;
      return { unit: `case-${sequence}`, request: mail.request, truth: { spam: mail.spam } };
    },
  };
}
