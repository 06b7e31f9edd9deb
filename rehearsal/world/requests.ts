import type { IncidentRecord, ReleaseRecord } from '../../core/contracts';
import type { ScenarioAction } from './scenario-schema';

interface Sight {
  releases(): ReleaseRecord[];
  armOf(release: ReleaseRecord): string | undefined;
  principalOf(roleOrArn: string): string;
}

/** The newest release of this arm, or the one with this id. */
export const releaseFor = (armOrId: string, { releases, armOf }: Pick<Sight, 'releases' | 'armOf'>): ReleaseRecord | undefined =>
  releases().findLast((release) => release.id === armOrId || armOf(release) === armOrId);

/** What is not there is asked for as it is named: the handler must refuse it. */
const idOf = (armOrId: string, sight: Sight): string => releaseFor(armOrId, sight)?.id ?? armOrId;

export function releaseBody(
  { reason, behaviour, again, supersede }: ScenarioAction,
  sight: Sight,
  packageArn?: string,
): Record<string, unknown> {
  return {
    reason,
    ...(packageArn === undefined ? {} : { modelPackageArn: packageArn }),
    ...(behaviour === undefined ? {} : { behaviour }),
    ...(again === undefined ? {} : { releaseId: idOf(again, sight) }),
    ...(supersede === undefined ? {} : { supersede }),
  };
}

export const rollbackBody = ({ reason, to }: ScenarioAction, sight: Sight): Record<string, unknown> => ({
  reason,
  ...(to === undefined ? {} : { to: idOf(to, sight) }),
});

const MINUTE_MILLIS = 60_000;
/** For so long where the scenario does not say. */
const DELEGATED_MILLIS = 24 * 60 * MINUTE_MILLIS;

export const delegationBody = (action: ScenarioAction, { principalOf }: Sight): Record<string, unknown> => ({
  role: action.role ?? action.as,
  to: principalOf(action.to ?? action.as),
  minutes: Math.round((action.for ?? DELEGATED_MILLIS) / MINUTE_MILLIS),
  reason: action.reason,
});

/** Without `for` the control handler knows how long the endpoint stays on. */
export const wakeBody = ({ reason, for: millis }: ScenarioAction): Record<string, unknown> => ({
  reason,
  ...(millis === undefined ? {} : { minutes: Math.round(millis / MINUTE_MILLIS) }),
});

/** As `sluice drift snooze` and `acknowledge` ask. */
export const muteBody = ({ do: what, feature = '*', for: millis = DELEGATED_MILLIS, reason }: ScenarioAction, nowMillis: number) => ({
  do: what === 'snooze' ? 'snooze' : 'acknowledge',
  feature,
  until: new Date(nowMillis + millis).toISOString(),
  reason,
});

/** The newest that is not resolved, else the newest. */
export function incidentFor({ incident: kind }: ScenarioAction, incidents: IncidentRecord[]): IncidentRecord | undefined {
  const fitting = incidents
    .filter((incident) => kind === undefined || incident.kind === kind)
    .toSorted((one, other) => other.openedAt.localeCompare(one.openedAt));
  return fitting.find(({ resolved }) => resolved === undefined) ?? fitting[0];
}
