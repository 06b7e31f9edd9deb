/** Why a line has no score, in words that hold nothing of a request or an answer. */
export class Unscored extends Error {
  override readonly name = 'Unscored';
}

/** The gate itself is wrong: every line would fail in the same way. */
export class BadGate extends Error {
  override readonly name = 'BadGate';
}
