import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { CapacitySchedule } from '../endpoint/scaling/capacity-schedule';
import type { ScalingTarget } from '../endpoint/scaling/scaling-target';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { ReleaseWorkflow } from '../release/release-workflow';

/** What becomes of an endpoint outside of office hours. */
export enum OutsideHours {
  /** It is switched off: the baseline answers, and nothing is billed. */
  OFF = 'off',
  /** It runs its fewest instances. */
  MIN = 'min',
}

/** What becomes of an idle endpoint. */
export enum IdleAction {
  /** Owners are told. */
  NOTIFY = 'notify',
  /** Owners are told, then it is switched off. */
  OFF = 'off',
}

/** How an endpoint that was switched off for idleness comes back. */
export enum WakeRule {
  /** The first request wakes it; the baseline answers until it is there. */
  ON_TRAFFIC = 'on-traffic',
  /** An owner wakes it, or a release. */
  BY_HAND = 'by-hand',
}

/** Days and times at which an endpoint is on. */
export interface OfficeHours {
  /**
   * Days, or ranges of them: `mon-fri`, `sat`.
   *
   * @default - mon-fri
   */
  readonly days?: string[];

  /** Time of day at which they begin, such as `08:00`. */
  readonly from: string;

  /** Time of day at which they end, after `from`, such as `18:00`; at most `24:00`. */
  readonly to: string;

  /**
   * IANA time zone. Daylight saving is followed.
   *
   * @default - UTC
   */
  readonly timeZone?: string;

  /**
   * What becomes of the endpoint outside of them.
   *
   * @default OutsideHours.OFF
   */
  readonly outside?: OutsideHours;

  /**
   * How long ahead of `from` the endpoint begins to start.
   *
   * @default - 30 minutes
   */
  readonly warmUp?: Duration;
}

/** An endpoint that nobody asks. */
export interface IdlePolicy {
  /** Without a request for so long; at least 10 minutes. */
  readonly after: Duration;

  /**
   * What then happens. Owners hear of it a quarter of an hour ahead.
   *
   * @default IdleAction.NOTIFY
   */
  readonly action?: IdleAction;

  /**
   * How it comes back from being off.
   *
   * @default WakeRule.ON_TRAFFIC
   */
  readonly wake?: WakeRule;
}

/** How many instances run while the endpoint is on. */
export interface ReleaseScaling {
  /**
   * What capacity follows.
   *
   * @default - schedules alone
   */
  readonly target?: ScalingTarget;

  /**
   * Parts of the week with other bounds, all in one time zone.
   *
   * @default - none
   */
  readonly schedules?: CapacitySchedule[];
}

/** What an endpoint's capacity goes by. */
export interface EndpointCapacityProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where the control record is. */
  readonly ledger: Ledger;

  /** The releases whose endpoint it is. */
  readonly release: ReleaseWorkflow;

  /** Who is told. */
  readonly notifications: OwnerNotifications;

  /**
   * Fewest instances, where the endpoint was found and has had no release yet; otherwise the stable release's own count.
   *
   * @default 1
   */
  readonly minInstances?: number;

  /**
   * Most instances, likewise.
   *
   * @default - minInstances
   */
  readonly maxInstances?: number;

  /**
   * How many instances run, between the stable release's fewest and most.
   *
   * @default - as many as the release begins with
   */
  readonly scaling?: ReleaseScaling;

  /**
   * When the endpoint is on.
   *
   * @default - always
   */
  readonly officeHours?: OfficeHours;

  /**
   * When the endpoint is on once a budget ordered office hours.
   *
   * @default - officeHours, else Monday to Friday, 08:00 to 18:00 UTC
   */
  readonly orderedHours?: OfficeHours;

  /**
   * What happens when nobody asks.
   *
   * @default - nothing
   */
  readonly idle?: IdlePolicy;

  /**
   * So long after its release became stable the endpoint is switched off: an experiment that was forgotten. At least 10 minutes.
   *
   * @default - never
   */
  readonly timeToLive?: Duration;

  /**
   * Tags of an endpoint that is switched on again, beside Sluice's own: those that releases are given.
   *
   * @default - none
   */
  readonly runtimeTags?: Record<string, string>;

  /**
   * An endpoint that was found and not made: it is never switched off, but runs its fewest instances instead.
   *
   * @default - the endpoint that releases make
   */
  readonly existingEndpoint?: string;

  /**
   * Key that encrypts the handler's environment, and that endpoints are created with.
   *
   * @default - a key managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}
