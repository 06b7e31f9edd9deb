import { AwsError } from '../../cloud/types';
import type { Clock, Members } from '../../cloud/types';

interface Remembered {
  request: string;
  answer: Members;
  untilMillis: number;
}

/** AWS does not say how long it knows a token; a retry comes within minutes. */
const tokenLifeMillis = 3_600_000;

/** A request that comes again with its ClientToken, since its answer was lost, is answered again and not done again. */
export class ClientTokens {
  private readonly remembered = new Map<string, Remembered>();

  constructor(private readonly clock: Clock) {}

  /** `member`: where the request has its token. */
  once(operation: string, input: Members, run: (input: Members) => Members, member = 'ClientToken'): Members {
    const { [member]: token, ...rest } = input as Record<string, string | undefined>;
    if (token === undefined) return run(input);
    this.forgetOld();
    const key = `${operation} ${token}`;
    const request = JSON.stringify(rest);
    const known = this.remembered.get(key);
    if (known === undefined) {
      const answer = run(input);
      this.remembered.set(key, { request, answer, untilMillis: this.clock.now() + tokenLifeMillis });
      return answer;
    }
    if (known.request === request) return known.answer;
    throw new AwsError('ConflictException', `The ${member} ${token} was used for another ${operation} request.`, 409);
  }

  private forgetOld(): void {
    const now = this.clock.now();
    for (const [key, { untilMillis }] of this.remembered) {
      if (untilMillis > now) return;
      this.remembered.delete(key);
    }
  }
}
