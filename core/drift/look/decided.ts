import { hourOfMillis } from '../places';

/** `<key id>.<arm><release>.<minute, base 36>.<unit key>.<nonce>.<MAC>`: whoever signed it is not asked here. */
const DECISION_ID = /^k\d{1,3}\.[csb][a-z0-9-]{1,16}\.([0-9a-z]{1,6})\.[\w-]{11}\.[\w-]+\.[\w-]+$/;
const MINUTE_MILLIS = 60_000;
/** An answer may take so long until it is captured. */
const LONGEST_ANSWER_MINUTES = 2;

export interface Decided {
  hour: number;
  /** Its answer may be captured in the hour after. */
  isAtEnd: boolean;
}

/** When the decision was made, as its id says; undefined: it is another kind of id. */
export function decidedAt(id: string): Decided | undefined {
  const [, minute] = DECISION_ID.exec(id) ?? [];
  if (minute === undefined) return undefined;
  const minutes = Number.parseInt(minute, 36);
  return { hour: hourOfMillis(minutes * MINUTE_MILLIS), isAtEnd: minutes % 60 >= 60 - LONGEST_ANSWER_MINUTES };
}
