import type { ApprovalRecord } from '../../core/contracts';
import type { Cloud } from '../cloud/types';
import type { UrlInvoker } from './callers';
import type { ScenarioAction, ScenarioPerson } from './scenario-schema';

interface Desk {
  cloud: Cloud;
  invokeUrl: UrlInvoker;
  outputs(): Record<string, string>;
  /** The principal that acts for a role, from the charter's owners. */
  principalOf(role: string): string;
}

async function post(
  desk: Desk,
  output: 'ApprovalUrl' | 'ControlUrl',
  path: string,
  role: string,
  body: Record<string, unknown>,
): Promise<void> {
  const url = desk.outputs()[output];
  const detail = { path, role, ...body };
  if (url === undefined) {
    desk.cloud.record('people', 'not-deployed', detail);
    return;
  }
  const request = {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
  const response = await desk.invokeUrl(url, request, { principalArn: desk.principalOf(role) });
  const answer = new TextDecoder().decode(response.body);
  desk.cloud.record('people', response.status < 400 ? path.slice(1) : 'refused', {
    ...detail,
    status: response.status,
    ...(response.status < 400 ? {} : { answer }),
  });
}

/** Answers approval requests as the scenario's people would: some time after they were asked. */
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
    for (const person of this.people.filter(({ kind }) => kind === approval.kind)) {
      const body = {
        releaseId: approval.releaseId,
        kind: approval.kind,
        role: person.role,
        ...(person.comment === undefined ? {} : { comment: person.comment }),
      };
      this.desk.cloud.clock.after(person.after, () => post(this.desk, 'ApprovalUrl', `/${person.decision}`, person.role, body));
    }
  }

  /** Somebody decides on the request that is open, whatever it is. */
  decide(action: ScenarioAction, open: ApprovalRecord | undefined): Promise<void> {
    if (open === undefined) {
      this.desk.cloud.record('people', 'refused', { path: `/${action.do}`, role: action.as, answer: 'no approval is asked for' });
      return Promise.resolve();
    }
    const body = { releaseId: open.releaseId, kind: open.kind, role: action.as, comment: action.reason };
    return post(this.desk, 'ApprovalUrl', `/${action.do}`, action.as, body);
  }

  /** An operator rolls back, kills or revives. */
  operate(action: ScenarioAction): Promise<void> {
    return post(this.desk, 'ControlUrl', `/${action.do}`, action.as, { reason: action.reason });
  }
}
