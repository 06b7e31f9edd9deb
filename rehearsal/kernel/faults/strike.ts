import { AwsError } from '../../cloud/types';
import type { Clock, Fault, Members, Random } from '../../cloud/types';
import { statusOf } from './error-codes';
import { failingPart } from './partial-batch';

/** How long a service, or Step Functions, waits for another's answer. A handler's SDK waits as long as it is set to. */
const serviceWaitMillis = 60_000;

/** A call that is never answered. */
export class NoAnswerError extends AwsError {
  constructor() {
    super('SdkClientException', 'No answer came in time (a fault of the scenario).', 503);
  }
}

type Serve = (input: Members) => Promise<Members>;

/** One fault, striking one call. */
export class Strike {
  constructor(
    private readonly fault: Fault,
    private readonly service: string,
    private readonly operation: string,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  async apply(input: Members, serve: Serve): Promise<Members> {
    const { slowMillis, error, effect, entries } = this.fault;
    if (slowMillis !== undefined) await this.clock.sleep(slowMillis);
    if (error === undefined) return serve(input);
    if (entries !== undefined) return this.applyToPart(input, serve, entries);
    if (effect === 'after') await serve(input);
    if (error === 'timeout') {
      await this.clock.sleep(serviceWaitMillis);
      throw new NoAnswerError();
    }
    throw this.injected(error);
  }

  private async applyToPart(input: Members, serve: Serve, share: number): Promise<Members> {
    const error = this.injected(this.fault.error ?? 'InternalError');
    const { kept, answer } = failingPart(this.service, this.operation, input, () => this.random.next() < share, error);
    return answer(kept === undefined ? undefined : await serve(kept));
  }

  private injected(code: string): AwsError {
    return new AwsError(code, `${code}: injected by a fault of the scenario`, statusOf(this.service, code));
  }
}
