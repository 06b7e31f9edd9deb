import { AwsError, type Clock, type Random, type TimerHandle } from '../../cloud/types';
import { StateError } from './errors';

interface OpenToken {
  resourceArn: string;
  lastBeatMillis: number;
  timer?: TimerHandle;
  resolve(output: string): void;
  reject(failure: StateError): void;
}

const PREFIX = 'AQCE';

/** Task tokens that executions wait on. A token that was answered, timed out or belongs to an ended execution stays known as closed. */
export class TaskTokens {
  private readonly open = new Map<string, OpenToken>();
  private readonly closed = new Map<string, string>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  create(): string {
    return PREFIX + Buffer.from(this.random.bytes(48)).toString('base64');
  }

  /** Waits for the token's answer; fails when a heartbeat is missed. IAM is asked about the state machine or activity it belongs to. */
  wait(token: string, resourceArn: string, heartbeatMillis: number | undefined): Promise<string> {
    return new Promise<string>((resolve, reject) => {
      const entry: OpenToken = { resourceArn, lastBeatMillis: this.clock.now(), resolve, reject };
      this.open.set(token, entry);
      if (heartbeatMillis !== undefined) this.watch(token, entry, heartbeatMillis);
    });
  }

  /** From now on a heartbeat must come in time. */
  expectHeartbeats(token: string, heartbeatMillis: number): void {
    const entry = this.open.get(token);
    if (entry === undefined) return;
    entry.lastBeatMillis = this.clock.now();
    this.watch(token, entry, heartbeatMillis);
  }

  close(token: string): void {
    const entry = this.open.get(token);
    if (entry === undefined) return;
    if (entry.timer !== undefined) this.clock.cancel(entry.timer);
    this.open.delete(token);
    this.closed.set(token, entry.resourceArn);
  }

  succeed(token: string, output: string): void {
    const entry = this.expect(token);
    try {
      JSON.parse(output);
    } catch {
      throw new AwsError('InvalidOutput', `Invalid Output: '${output.slice(0, 200)}'`);
    }
    this.close(token);
    entry.resolve(output);
  }

  fail(token: string, error: string | undefined, cause: string | undefined): void {
    const entry = this.expect(token);
    this.close(token);
    entry.reject(new StateError(error, cause));
  }

  heartbeat(token: string): void {
    this.expect(token).lastBeatMillis = this.clock.now();
  }

  /** The state machine or activity a token belongs to. */
  resourceOf(token: string): string | undefined {
    return this.open.get(token)?.resourceArn ?? this.closed.get(token);
  }

  /** One timer per token, moved lazily: a heartbeat only notes the time. */
  private watch(token: string, entry: OpenToken, heartbeatMillis: number): void {
    entry.timer = this.clock.at(entry.lastBeatMillis + heartbeatMillis, () => {
      if (this.clock.now() < entry.lastBeatMillis + heartbeatMillis) return this.watch(token, entry, heartbeatMillis);
      this.close(token);
      entry.reject(new StateError('States.Timeout', undefined, { heartbeat: true }));
    });
  }

  private expect(token: string): OpenToken {
    const entry = this.open.get(token);
    if (entry !== undefined) return entry;
    if (this.closed.has(token)) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    if (token.startsWith(PREFIX)) throw new AwsError('TaskDoesNotExist', `Task does not exist: '${token}'`);
    throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  }
}
