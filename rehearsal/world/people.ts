import type { ApprovalRecord, IncidentRecord, ReleaseRecord } from '../../core/contracts';
import type { Cloud, HttpResponse } from '../cloud/types';
import type { UrlInvoker } from './callers';
import { delegationBody, incidentFor, muteBody, releaseBody, releaseFor, rollbackBody, wakeBody } from './requests';
import type { ScenarioAction, ScenarioPerson } from './scenario-schema';

const MINUTE_MILLIS = 60_000;

export type UrlOutput = 'ApprovalUrl' | 'ControlUrl' | 'DriftUrl' | 'ReleaseUrl' | 'RetrainingUrl';

/** What people can see of the ledger, as `sluice status` would show it. */
export interface LedgerSight {
  releases(): ReleaseRecord[];
  approvals(): ApprovalRecord[];
  incidents(): IncidentRecord[];
}

interface Desk extends LedgerSight {
  cloud: Cloud;
  invokeUrl: UrlInvoker;
  outputs(): Record<string, string>;
  /** The principal that acts for a role, from the charter's owners; an ARN stands for itself. */
  principalOf(roleOrArn: string): string;
  /** Which arm of the scenario a release's containers play. */
  armOf(release: ReleaseRecord): string | undefined;
}

interface SignedPost {
  output: UrlOutput;
  path: string;
  /** What the timeline says of it. @default - the path */
  said?: string;
  /** Role or ARN of whoever signs. */
  as: string;
  body: Record<string, unknown>;
}

/** The people of the scenario: they answer requests for approval some time after they were asked, and act at their times. */
export class People {
  private readonly answered = new Set<string>();

  constructor(
    private readonly desk: Desk,
    private readonly people: ScenarioPerson[],
  ) {}

  /** Called whenever an approval request is seen in the ledger. */
  asked(approval: ApprovalRecord): void {
    const key = `${approval.releaseId}#${approval.kind}#${approval.requestedAt}`;
    if (approval.status !== 'open' || this.answered.has(key)) return;
    this.answered.add(key);
    const release = this.desk.releases().find(({ id }) => id === approval.releaseId);
    const arm = release === undefined ? undefined : this.desk.armOf(release);
    for (const person of this.people) {
      if (person.kind !== approval.kind || (person.release !== undefined && person.release !== arm)) continue;
      for (let time = 0; time < person.times; time += 1)
        this.desk.cloud.clock.after(person.after + time * MINUTE_MILLIS, () => this.answer(person, approval));
    }
  }

  /** Somebody decides: on the request that is open, else on the last one, which is over. */
  decide(action: ScenarioAction): Promise<void> {
    const { do: decision, as, role = as, reason: comment } = action;
    const approval = this.approvalFor(action);
    if (approval === undefined) return this.refused(action, 'no approval is asked for');
    const { releaseId, kind } = approval;
    return this.post({ output: 'ApprovalUrl', path: `/${decision}`, as, body: { releaseId, kind, ...roleNamed(role), comment } });
  }

  /** Somebody delegates, releases, rolls back, kills, revives, or looks after an incident. */
  operate(action: ScenarioAction, packageArn?: string): Promise<void> {
    const { as, reason } = action;
    const path = `/${action.do}`;
    switch (action.do) {
      case 'delegate':
        return this.post({ output: 'ApprovalUrl', path, as, body: delegationBody(action, this.desk) });
      case 'release':
        return this.post({ output: 'ReleaseUrl', path, as, body: releaseBody(action, this.desk, packageArn) });
      case 'rollback':
        return this.post({ output: 'ControlUrl', path, as, body: rollbackBody(action, this.desk) });
      case 'wake':
        return this.post({ output: 'ControlUrl', path, as, body: wakeBody(action) });
      case 'retrain':
        return this.post({ output: 'RetrainingUrl', path: '/', said: action.do, as, body: { reason } });
      case 'snooze':
      case 'acknowledge-drift':
        return this.post({ output: 'DriftUrl', path: '/', said: action.do, as, body: muteBody(action, this.desk.cloud.clock.now()) });
      case 'acknowledge':
      case 'resolve': {
        const incident = incidentFor(action, this.desk.incidents());
        if (incident === undefined) return this.refused(action, 'there is no such incident');
        return this.post({ output: 'ControlUrl', path, as, body: { incident: incident.id, comment: reason } });
      }
      default:
        return this.post({ output: 'ControlUrl', path, as, body: { reason } });
    }
  }

  private approvalFor({ kind, release }: ScenarioAction): ApprovalRecord | undefined {
    const of = release === undefined ? undefined : releaseFor(release, this.desk)?.id;
    const fitting = this.desk
      .approvals()
      .filter((approval) => (kind === undefined || approval.kind === kind) && (release === undefined || approval.releaseId === of))
      .toSorted((one, other) => one.requestedAt.localeCompare(other.requestedAt));
    return fitting.find(({ status }) => status === 'open') ?? fitting.at(-1);
  }

  private answer(person: ScenarioPerson, { releaseId, kind, taskToken }: ApprovalRecord): Promise<void> {
    const { role, as = role, decision, comment, through } = person;
    const said = comment === undefined ? {} : { comment };
    if (through === 'callback') return this.callBack(as, taskToken, { approved: decision === 'approve', ...said });
    return this.post({ output: 'ApprovalUrl', path: `/${decision}`, as, body: { releaseId, kind, role, ...said } });
  }

  /** As a tool of one's own answers a task token: Step Functions asks for no more. */
  private async callBack(as: string, taskToken: string, answer: Record<string, unknown>): Promise<void> {
    const { cloud, principalOf } = this.desk;
    cloud.record('people', 'calls-back', answer);
    try {
      const input = { taskToken, output: JSON.stringify(answer) };
      await cloud.call('sfn', 'SendTaskSuccess', input, { kind: 'world', principalArn: principalOf(as) });
    } catch (error) {
      cloud.record('people', 'refused', { ...answer, answer: String(error) });
    }
  }

  private async post({ output, path, said = path.slice(1), as, body }: SignedPost): Promise<void> {
    const { cloud, outputs, invokeUrl, principalOf } = this.desk;
    const url = outputs()[output];
    const detail = { path: `/${said}`, role: as, ...body };
    if (url === undefined) {
      cloud.record('people', 'not-deployed', detail);
      return;
    }
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', path, headers, body: new TextEncoder().encode(JSON.stringify(body)) };
    const response = await invokeUrl(url, request, { principalArn: principalOf(as) });
    cloud.record('people', response.status < 400 ? said : 'refused', { ...detail, ...answered(response) });
  }

  private refused({ do: path, as: role }: ScenarioAction, answer: string): Promise<void> {
    this.desk.cloud.record('people', 'refused', { path: `/${path}`, role, answer });
    return Promise.resolve();
  }
}

/** Who signs is nobody of the charter: the request names no role then, unless the scenario says one. */
const roleNamed = (role: string): { role?: string } => (role.startsWith('arn:') ? {} : { role });

const answered = ({ status, body }: HttpResponse): Record<string, unknown> =>
  status < 400 ? { status } : { status, answer: new TextDecoder().decode(body) };
