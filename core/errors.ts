/** A person must change something: the message says what. The command ends with exit code 2, without a stack trace. */
export class BadInputError extends Error {
  override readonly name = 'BadInputError';
}
