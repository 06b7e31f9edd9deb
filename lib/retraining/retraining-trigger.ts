/**
 * What begins a run beside the owners, who can always ask.
 *
 * @example
 * const triggers = [RetrainingTrigger.onDrift(), RetrainingTrigger.onSchedule('rate(30 days)')];
 */
export abstract class RetrainingTrigger {
  /** A feature, a joint distribution, an outcome by group, or the quality of answers drifts. */
  static onDrift(): RetrainingTrigger {
    return new Trigger({ drift: true });
  }

  /** A KPI of stable moved away from what it was after the release. */
  static onKpiMovement(): RetrainingTrigger {
    return new Trigger({ kpi: true });
  }

  /**
   * The time has come, in UTC.
   *
   * @param expression of EventBridge Scheduler: `rate(30 days)`, `cron(0 3 1 * ? *)`
   */
  static onSchedule(expression: string): RetrainingTrigger {
    return new Trigger({ schedule: expression });
  }

  /** @internal As the policy says it. */
  abstract readonly _on: { readonly drift?: true; readonly kpi?: true; readonly schedule?: string };
}

class Trigger extends RetrainingTrigger {
  constructor(override readonly _on: RetrainingTrigger['_on']) {
    super();
  }
}

/** @internal All of them as one. */
export function triggersAsOne(triggers: RetrainingTrigger[]): { drift: boolean; kpi: boolean; schedule?: string } {
  const all = triggers.map(({ _on }) => _on);
  const schedules = all.flatMap(({ schedule }) => (schedule === undefined ? [] : [schedule]));
  if (schedules.length > 1) {
    throw new Error(`triggers names ${schedules.length} schedules (${schedules.join(', ')}): give one, such as cron(0 3 1,15 * ? *).`);
  }
  const [schedule] = schedules;
  return {
    drift: all.some(({ drift }) => drift === true),
    kpi: all.some(({ kpi }) => kpi === true),
    ...(schedule === undefined ? {} : { schedule }),
  };
}
