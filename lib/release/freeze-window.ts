import type { FreezeWindow as CoreFreezeWindow } from '../../core/contracts';
import { freezes } from '../../core/charter/sections/freezes';

/**
 * A time in which no release begins; one that has begun goes on, and so do rollbacks. Either `weekly`, or `from` and `to`.
 *
 * @example
 * const weekend: FreezeWindow = { reason: 'Nobody is there at weekends', weekly: 'fri 16:00 – mon 08:00' };
 * const trade: FreezeWindow = { reason: 'Christmas trade', from: '2026-12-18T16:00Z', to: '2027-01-04T06:00Z' };
 */
export interface FreezeWindow {
  /** Why, for whoever waits. */
  readonly reason: string;

  /**
   * A part of each week in UTC, such as `fri 16:00 – mon 08:00`.
   *
   * @default - `from` and `to` say when
   */
  readonly weekly?: string;

  /**
   * Beginning, ISO 8601 in UTC, such as `2026-12-18T16:00Z`.
   *
   * @default - `weekly` says when
   */
  readonly from?: string;

  /**
   * End, ISO 8601 in UTC.
   *
   * @default - `weekly` says when
   */
  readonly to?: string;
}

/** @internal By the charter's own rules. */
export function freezeWindows(written: FreezeWindow[]): CoreFreezeWindow[] {
  const given = written.map((window) => Object.fromEntries(Object.entries(window).filter(([, value]) => value !== undefined)));
  const parsed = freezes.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.map(String).join('.') ?? '';
  throw new Error(`rollout.freezes${at === '' ? '' : `.${at}`}: allowed is ${issue?.message}, got ${JSON.stringify(given)}.`);
}
