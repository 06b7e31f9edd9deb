export const DAY_MINUTES = 1440;

export type ScenarioName = 'flat' | 'ramp' | 'late' | 'sticky' | 'young';

export interface Scenario {
  name: ScenarioName;
  /** The candidate's share grows and everything moves with the hour of the day; otherwise 5 % of a constant stream. */
  ramp: boolean;
  /** Outcomes come with a mean delay of three hours. */
  late: boolean;
  /** Such outcomes count when they come, not only once their window is over. */
  young?: boolean;
  /** The unit is a session of five requests on average; dashboards count requests. */
  sticky: boolean;
}

export const SCENARIOS: Record<ScenarioName, Scenario> = {
  flat: { name: 'flat', ramp: false, late: false, sticky: false },
  ramp: { name: 'ramp', ramp: true, late: false, sticky: false },
  late: { name: 'late', ramp: true, late: true, sticky: false },
  sticky: { name: 'sticky', ramp: false, late: false, sticky: true },
  young: { name: 'young', ramp: true, late: true, young: true, sticky: false },
};

/** From which minute on; not on the edge of a five-minute stratum, so that strata mix two shares. */
const STEPS = [
  { from: 0, share: 0.05 },
  { from: 241, share: 0.1 },
  { from: 483, share: 0.25 },
  { from: 727, share: 0.5 },
];
const FLAT_SHARE = 0.05;
const SWING = 0.5;

export function shareAt({ ramp }: Scenario, minute: number): number {
  return ramp ? (STEPS.findLast(({ from }) => from <= minute)?.share ?? FLAT_SHARE) : FLAT_SHARE;
}

/** From −1 at the start to 1 after twelve hours and back. */
export function rhythmAt({ ramp }: Scenario, minute: number): number {
  return ramp ? -Math.cos((2 * Math.PI * minute) / DAY_MINUTES) : 0;
}

export function trafficAt(scenario: Scenario, perMinute: number, minute: number): number {
  return perMinute * (1 + SWING * rhythmAt(scenario, minute));
}

/** The level of the KPI: it worsens while the share grows, which is what misleads whoever pools over time. */
export function levelAt(scenario: Scenario, better: 'lower' | 'higher', minute: number): number {
  return 1 + (better === 'lower' ? SWING : -SWING) * rhythmAt(scenario, minute);
}

/** n_c·n_b/n that a whole day will have brought: the plan that O'Brien-Fleming needs. */
export function plannedInformation(scenario: Scenario, perMinute: number): number {
  let candidate = 0;
  let control = 0;
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const units = trafficAt(scenario, perMinute, minute);
    candidate += units * shareAt(scenario, minute);
    control += units * (1 - shareAt(scenario, minute));
  }
  return (candidate * control) / (candidate + control);
}
