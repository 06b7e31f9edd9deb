import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type IncidentAct, type IncidentRecord, ledgerKeys, type Notifier, type Severity } from '../../core/contracts';
import {
  acknowledgement,
  type ActResult,
  detectSeconds,
  incidentOf,
  isOngoing,
  newestFirst,
  recoverSeconds,
  resolution,
  runbookOf,
  type Trouble,
} from '../../core/incident/incident';
import { type Expression, IF_ABSENT, type Ledger, setExpression } from './ledger';
import { emit, logger, type MetricValue } from './telemetry';

export interface IncidentParts {
  useCase: string;
  ledger: Ledger;
  notify: Notifier;
  now(): number;
}

export type Acted = { ok: true; incident: IncidentRecord } | { ok: false; reason: string };

/**
 * Opens an incident and tells the owners, once: undefined where the same trouble opened one before.
 * `severity` is `info` where whoever calls pages the owners itself. Telling never fails the caller.
 */
export async function openIncident(
  { useCase, ledger, notify, now }: IncidentParts,
  trouble: Trouble,
  severity: Severity = 'page',
): Promise<IncidentRecord | undefined> {
  const incident = incidentOf(trouble, new Date(now()).toISOString());
  if (!(await ledger.put(ledgerKeys.incident(incident.id), incident, IF_ABSENT))) {
    return undefined;
  }
  const detection = seconds('TimeToDetectSeconds', detectSeconds(incident));
  measure(useCase, [['IncidentsOpened', MetricUnit.Count, 1], ...detection, ...recovery(incident)]);
  const { id, kind, releaseId, reason, beganAt, openedBy } = incident;
  try {
    await notify({
      event: 'IncidentOpened',
      severity,
      roles: [],
      subject: `incident ${id}: ${reason}`,
      runbook: runbookOf(kind),
      ...(releaseId === undefined ? {} : { releaseId }),
      facts: { incident: id, kind, reason, beganAt, by: openedBy },
    });
  } catch (error) {
    logger.error('The owners could not be told of an incident', { error, incident: id });
  }
  return incident;
}

/** As `openIncident`, for callers whose own work matters more: what goes wrong is logged. */
export async function tryOpenIncident(parts: IncidentParts, trouble: Trouble, severity?: Severity): Promise<void> {
  try {
    await openIncident(parts, trouble, severity);
  } catch (error) {
    logger.error('An incident could not be opened', { error, trouble });
  }
}

/** Traffic is safe again. False where there is no such incident, or it recovered before. */
export async function recovered({ useCase, ledger, now }: Omit<IncidentParts, 'notify'>, id: string): Promise<boolean> {
  const recoveredAt = new Date(now()).toISOString();
  const incident = await ledger.update<IncidentRecord>(
    ledgerKeys.incident(id),
    setExpression({ recoveredAt }),
    all('attribute_exists(pk)', 'attribute_not_exists(recoveredAt)'),
  );
  if (incident === undefined) {
    return false;
  }
  measure(useCase, recovery(incident));
  return true;
}

export function acknowledge(parts: Pick<IncidentParts, 'ledger'>, id: string, act: IncidentAct): Promise<Acted> {
  return write(parts.ledger, id, (incident) => acknowledgement(incident, act), 'acknowledged');
}

/** An incident that is resolved has recovered at the latest now. */
export async function resolve(parts: Omit<IncidentParts, 'notify'>, id: string, act: IncidentAct): Promise<Acted> {
  const acted = await write(parts.ledger, id, (incident) => resolution(incident, act), 'resolved');
  if (acted.ok) {
    await recovered(parts, id);
  }
  return acted;
}

/** Newest first. */
export async function readIncidents(ledger: Ledger): Promise<IncidentRecord[]> {
  return newestFirst(await ledger.query<IncidentRecord>(ledgerKeys.incident('').pk));
}

export async function ongoingIncidents(ledger: Ledger): Promise<IncidentRecord[]> {
  return (await readIncidents(ledger)).filter(isOngoing);
}

/** On condition that nobody did so in between. */
async function write(
  ledger: Ledger,
  id: string,
  decide: (incident: IncidentRecord) => ActResult,
  member: 'acknowledged' | 'resolved',
): Promise<Acted> {
  const key = ledgerKeys.incident(id);
  const incident = await ledger.get<IncidentRecord>(key);
  if (incident === undefined) {
    return { ok: false, reason: `There is no incident '${id}'` };
  }
  const decided = decide(incident);
  if (!decided.ok) {
    return decided;
  }
  const next = await ledger.update<IncidentRecord>(key, setExpression({ [member]: decided.act }), all(`attribute_not_exists(${member})`));
  return next === undefined ? { ok: false, reason: `Somebody else has just ${member} incident '${id}'` } : { ok: true, incident: next };
}

function all(...conditions: string[]): Expression {
  return { text: conditions.join(' AND ') };
}

function recovery(incident: IncidentRecord): MetricValue[] {
  return seconds('TimeToRecoverSeconds', recoverSeconds(incident));
}

function seconds(name: string, value: number | undefined): MetricValue[] {
  return value === undefined ? [] : [[name, MetricUnit.Seconds, value]];
}

function measure(useCase: string, values: MetricValue[]): void {
  emit({ UseCase: useCase }, values);
}
