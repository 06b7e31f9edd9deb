/** An error in a state, as States.* rules see it: retried, caught, or the end of the execution. */
export class StateError extends Error {
  constructor(
    readonly error: string | undefined,
    readonly causeText: string | undefined,
    readonly more: {
      /** Nothing but its own name catches it: `States.ALL` does not. Nothing at all catches States.Runtime. */
      terminal?: boolean;
      /** The state whose own fields failed, before or after its work. */
      raisedBy?: object;
      heartbeat?: boolean;
      /** Set when an expression failed: the field it stands in. */
      location?: string;
      /** The events that failing leaves in the history are written. */
      recorded?: boolean;
    } = {},
  ) {
    super(`${error ?? 'error'}: ${causeText ?? ''}`);
    this.name = 'StateError';
  }

  /** What a Catch hands on as `$states.errorOutput`; a timeout's cause is the empty text. */
  get output(): { Error: string; Cause: string } {
    return { Error: this.error ?? '', Cause: this.causeText ?? '' };
  }
}

/** The execution, or the Parallel or Map around this state, has ended: unwinds without a trace. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** An expression that fails, before the state's name and event id are put in front of its message. */
export class QueryError extends Error {
  constructor(
    message: string,
    readonly location: string,
  ) {
    super(message);
  }
}

/** Whether a Retry's or Catch's ErrorEquals names this error. */
export function matches(errorEquals: readonly string[], failed: StateError): boolean {
  if (failed.error === 'States.Runtime' && failed.more.terminal === true) return false;
  return errorEquals.some((name) => {
    if (name === failed.error) return true;
    if (failed.more.terminal === true) return false;
    if (name === 'States.ALL') return true;
    if (name === 'States.HeartbeatTimeout') return failed.more.heartbeat === true;
    return name === 'States.TaskFailed' && failed.error !== 'States.Timeout';
  });
}

/** The longest state input, output or payload, in bytes. */
export const PAYLOAD_LIMIT_BYTES = 262_144;

/** What the variables that a state sees may hold together. */
export const VARIABLES_LIMIT_BYTES = 10 * 1024 * 1024;

export function exceedsPayloadLimit(text: string): boolean {
  return text.length > PAYLOAD_LIMIT_BYTES || (text.length * 3 > PAYLOAD_LIMIT_BYTES && Buffer.byteLength(text) > PAYLOAD_LIMIT_BYTES);
}

export function tooLarge(who: string, terminal: boolean): StateError {
  return new StateError(
    'States.DataLimitExceeded',
    `The state/task '${who}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    { terminal },
  );
}
