import { unmarshall } from '@aws-sdk/util-dynamodb';
import {
  ledgerKeys,
  type ApprovalRecord,
  type ControlRecord,
  type GateResult,
  type IncidentRecord,
  incidentStatusOf,
  type RefusalRecord,
  type ReleaseRecord,
  type RetrainingRecord,
} from '../../core/contracts';
import type { Cloud, Members } from '../cloud/types';
import type { ConfigSighting, ControlWrite, Look } from './history';
import { driftDetail, driftLookOf, DriftWitness, retrainingDetail, retrainingEvent } from './told-drift';

type Item = Record<string, unknown>;

const VERDICT_PREFIX = ledgerKeys.verdict('').pk;
const GATE_PREFIX = ledgerKeys.gate('', '').pk;
const INCIDENT_PREFIX = `${ledgerKeys.incident('').pk}|`;
/** Refusals to begin a run make no run. */
const REFUSAL_PREFIX = `${ledgerKeys.refusal('', '').pk}|`;
const RETRAINING_PREFIX = `${ledgerKeys.retrainingRun('').pk}|`;
const DRIFT = `${ledgerKeys.drift().pk}|${ledgerKeys.drift().sk}`;
const LOOK = `|${ledgerKeys.look('', '').sk}`;

/** Where ledger items can be seen being written. */
export interface LedgerView {
  onWrite(tableName: string, listener: (key: Members, newImage: Members | undefined) => void): void;
}

const text = (value: unknown): string => String((value as { S?: string } | undefined)?.S ?? '');

/** Watches the ledger of the use case: every version of the control record, every approval, and all items as they stand. */
export class Witness {
  readonly control: ControlWrite[] = [];
  readonly approvedAtMillis = new Map<string, number>();
  readonly sightings: ConfigSighting[] = [];
  private readonly items = new Map<string, Members>();
  private readonly drift = new DriftWitness();
  private watching = '';

  constructor(
    private readonly cloud: Cloud,
    private readonly onControl: (record: ControlRecord, before: ControlRecord | undefined) => void,
    private readonly onApproval: (approval: ApprovalRecord) => void,
    private readonly onLook?: (look: Look) => void,
  ) {}

  watch(view: LedgerView, tableName: string): void {
    if (this.watching === tableName) return;
    this.watching = tableName;
    view.onWrite(tableName, (key, image) => this.wrote(`${text(key.pk)}|${text(key.sk)}`, image));
  }

  get currentControl(): ControlRecord | undefined {
    return this.control.at(-1)?.record;
  }

  /** All items, decoded. */
  ledger(): Map<string, Item> {
    return new Map([...this.items].map(([key, item]) => [key, unmarshall(item as never) as Item]));
  }

  releases(): ReleaseRecord[] {
    return this.decoded<ReleaseRecord>('releases|').sort((left, right) => left.sequence - right.sequence);
  }

  approvals(): ApprovalRecord[] {
    return this.decoded<ApprovalRecord>('approval#');
  }

  incidents(): IncidentRecord[] {
    return this.decoded<IncidentRecord>('incidents|').sort((one, other) => one.openedAt.localeCompare(other.openedAt));
  }

  refusals(): RefusalRecord[] {
    return this.decoded<RefusalRecord>('refusals|').sort((one, other) => one.at.localeCompare(other.at));
  }

  /** In the order in which they were asked for. */
  retrainings(): RetrainingRecord[] {
    return this.decoded<RetrainingRecord>('retrainings|').sort((one, other) => one.requestedAt.localeCompare(other.requestedAt));
  }

  /** A canary step is open, or people have been asked: the workflow waits and may do so for long. */
  waitsForToken(): boolean {
    const { pk, sk } = ledgerKeys.step();
    return this.items.has(`${pk}|${sk}`) || this.approvals().some(({ status }) => status === 'open');
  }

  private decoded<T>(prefix: string): T[] {
    return [...this.items].filter(([key]) => key.startsWith(prefix)).map(([, item]) => unmarshall(item as never) as T);
  }

  private wrote(key: string, image: Members | undefined): void {
    if (image === undefined) {
      this.items.delete(key);
      return;
    }
    const before = this.items.get(key);
    this.items.set(key, image);
    if (key === `${ledgerKeys.control().pk}|${ledgerKeys.control().sk}`) this.wroteControl(unmarshall(image as never) as ControlRecord);
    if (this.onLook !== undefined && key.startsWith(VERDICT_PREFIX) && key.includes(LOOK))
      this.onLook({
        releaseId: key.slice(VERDICT_PREFIX.length, key.indexOf(LOOK)),
        at: key.slice(key.indexOf(LOOK) + LOOK.length),
        item: unmarshall(image as never) as Item,
      });
    if (key.startsWith('approval#')) this.wroteApproval(unmarshall(image as never) as ApprovalRecord);
    if (key.startsWith(GATE_PREFIX)) this.wroteGate(unmarshall(image as never) as GateResult, before);
    if (key === DRIFT) this.wroteDrift(image);
    if (key.startsWith(REFUSAL_PREFIX) && before === undefined) this.wroteRefusal(unmarshall(image as never) as RefusalRecord);
    if (key.startsWith(RETRAINING_PREFIX)) this.wroteRetraining(image, before);
    if (key.startsWith(INCIDENT_PREFIX)) this.wroteIncident(unmarshall(image as never) as IncidentRecord, before);
  }

  private wroteControl(record: ControlRecord): void {
    const before = this.currentControl;
    this.control.push({ atMillis: this.cloud.clock.now(), record });
    this.onControl(record, before);
  }

  private wroteGate({ releaseId, gate, passed, reason }: GateResult, before: Members | undefined): void {
    const known = before === undefined ? undefined : (unmarshall(before as never) as GateResult);
    if (known?.passed === passed && known.reason === reason) return;
    this.cloud.record('gate', passed ? 'passed' : 'not-passed', { gate, release: releaseId, reason });
  }

  private wroteIncident(incident: IncidentRecord, before: Members | undefined): void {
    const status = incidentStatusOf(incident);
    const known = before === undefined ? undefined : incidentStatusOf(unmarshall(before as never) as IncidentRecord);
    if (known === status) return;
    const { id, reason, acknowledged, resolved } = incident;
    this.cloud.record('incident', status, { id, reason, by: (resolved ?? acknowledged)?.by ?? incident.openedBy });
  }

  private wroteDrift(image: Members): void {
    const look = driftLookOf(unmarshall(image as never) as Item)!;
    const change = this.drift.saw(look);
    if (change !== undefined) this.cloud.record('drift', change, driftDetail(look));
  }

  private wroteRefusal({ what, by, reason }: RefusalRecord): void {
    if (what === 'retraining') this.cloud.record('retraining', 'refused', { by, reason });
  }

  private wroteRetraining(image: Members, before: Members | undefined): void {
    const run = unmarshall(image as never) as RetrainingRecord;
    const step = retrainingEvent(run, before === undefined ? undefined : (unmarshall(before as never) as RetrainingRecord));
    if (step !== undefined) this.cloud.record('retraining', step, retrainingDetail(run));
  }

  private wroteApproval(approval: ApprovalRecord): void {
    const { releaseId, kind, status } = approval;
    // Where the charter says so, silence is agreement.
    if ((status === 'approved' || status === 'expired') && kind === 'release' && !this.approvedAtMillis.has(releaseId))
      this.approvedAtMillis.set(releaseId, this.cloud.clock.now());
    this.onApproval(approval);
  }
}
