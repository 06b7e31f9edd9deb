/** A release that is not begun, with the reason: recorded, and said to whoever asked. */
export class ReleaseRefused extends Error {
  constructor(
    message: string,
    readonly allowed: string,
    readonly next: string,
  ) {
    super(message);
  }
}
