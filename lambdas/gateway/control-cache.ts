import type { ControlRecord } from '../../core/contracts';

export interface ControlView {
  control: ControlRecord;
  /** When its read was sent: what is committed later may be missing in it. */
  readSentAtMillis: number;
}

/** Younger than the 2 s promise by what passes between the last check and the request on the wire. */
export const MAX_AGE_MILLIS = 1_900;

export function isFresh(view: ControlView, nowMillis: number): boolean {
  return nowMillis - view.readSentAtMillis <= MAX_AGE_MILLIS;
}

/** Keeps the control record as long as it may be believed. */
export class ControlCache {
  private view: ControlView | undefined;

  constructor(
    private readonly read: () => Promise<ControlRecord | undefined>,
    private readonly now: () => number,
  ) {}

  /** Undefined when the record cannot be read, or the read took longer than it may be believed. */
  async current(onError: (error: unknown) => void): Promise<ControlView | undefined> {
    if (this.view !== undefined && isFresh(this.view, this.now())) {
      return this.view;
    }
    this.view = undefined;
    const readSentAtMillis = this.now();
    try {
      const control = await this.read();
      this.view = control === undefined ? undefined : { control, readSentAtMillis };
    } catch (error) {
      onError(error);
    }
    return this.view !== undefined && isFresh(this.view, this.now()) ? this.view : undefined;
  }
}
