import type { Problem } from './charter/problem';
import { formatProblem } from './charter/problem';

/** A person must change something: the message says what. The command ends with exit code 2, without a stack trace. */
export class BadInputError extends Error {
  override readonly name: string = 'BadInputError';
}

/** A charter that was refused. */
export class CharterError extends BadInputError {
  override readonly name = 'CharterError';

  constructor(readonly problems: Problem[]) {
    super(problems.map(formatProblem).join('\n\n'));
  }
}
