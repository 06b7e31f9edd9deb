import type { ApprovalRecord } from '../../../core/contracts';
import { type Decider, decideApproval } from '../../../core/approval/decide';
import { settleApproval } from '../../../core/approval/settle';
import { personOf } from '../../../core/release/principals';
import { createRandom } from '../../../rehearsal/kernel/random';
import { OPEN, principal } from './support';

const ROLES = ['quality', 'risk', 'security', 'process', 'legal'];
const PEOPLE = ['A', 'B', 'C', 'D', 'E', 'F', 'Deployer'];
const RUNS = 400;

/** A board, and a row of decisions by whoever, in whatever role. */
function story(seed: number) {
  const random = createRandom(seed);
  const pick = <T>(items: T[]): T => items[Math.floor(random.next() * items.length)]!;
  const some = (items: string[], share: number): string[] => items.filter(() => random.next() < share);
  const requiredRoles = some(ROLES, 0.6);
  const board: ApprovalRecord = {
    ...OPEN,
    requiredRoles: requiredRoles.length === 0 ? ['risk'] : requiredRoles,
    ...(random.next() < 0.5 ? { quorum: 1 + Math.floor(random.next() * Math.max(1, requiredRoles.length)) } : {}),
    ...(random.next() < 0.5 ? { vetoRoles: some(ROLES, 0.3) } : {}),
    ...(random.next() < 0.4 ? { escalatedTo: some(ROLES, 0.4).filter((role) => !requiredRoles.includes(role)) } : {}),
  };
  const deciders = Array.from({ length: 14 }, (): Decider => {
    const role = pick(ROLES);
    return {
      decision: random.next() < 0.85 ? 'approve' : 'reject',
      signer: principal(pick(PEOPLE)),
      roles: [{ role, ...(random.next() < 0.2 ? { onBehalfOf: principal(pick(PEOPLE)) } : {}) }],
      comment: 'because',
      at: '2026-03-02T09:30:00.000Z',
    };
  });
  return { board, deciders };
}

/** The records after each decision that was taken. */
function course(seed: number): ApprovalRecord[] {
  const { board, deciders } = story(seed);
  return deciders.reduce(
    (records, decider) => {
      const decided = decideApproval(records.at(-1)!, decider);
      return decided.ok && decided.next !== records.at(-1) ? [...records, decided.next] : records;
    },
    [board],
  );
}

const courses = Array.from({ length: RUNS }, (_, seed) => course(seed));
const ends = courses.map((records) => records.at(-1)!);
const peopleOf = ({ decisions }: ApprovalRecord): string[] =>
  decisions
    .filter(({ decision }) => decision === 'approve')
    .flatMap(({ by, onBehalfOf }) => [personOf(by), ...(onBehalfOf === undefined || onBehalfOf === by ? [] : [personOf(onBehalfOf)])]);

test('every end is seen', () => {
  expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['open', 'approved', 'vetoed', 'rejected']));
});

test('what is approved was approved by as many different people as the quorum, none of whom asked for it', () => {
  for (const record of ends.filter(({ status }) => status === 'approved')) {
    const people = peopleOf(record);
    const approvals = record.decisions.filter(({ decision }) => decision === 'approve');
    expect(new Set(people).size).toBe(people.length);
    expect(approvals.length).toBeGreaterThanOrEqual(record.quorum ?? record.requiredRoles.length);
    expect(people).not.toContain(personOf(record.requestedBy!));
  }
});

test('a veto ends it, and an end is an end', () => {
  for (const records of courses) {
    const closed = records.findIndex(({ status }) => status !== 'open');
    expect(closed === -1 || closed === records.length - 1).toBe(true);
    const vetoed = records
      .at(-1)!
      .decisions.some(
        ({ role, decision }) =>
          decision === 'reject' &&
          (records[0]!.vetoRoles ?? [...records[0]!.requiredRoles, ...(records[0]!.escalatedTo ?? [])]).includes(role),
      );
    expect(records.at(-1)!.status === 'vetoed').toBe(vetoed);
  }
});

test('each role decides once', () => {
  for (const { decisions } of ends) expect(new Set(decisions.map(({ role }) => role)).size).toBe(decisions.length);
});

test('while it is open it can still be approved', () => {
  for (const record of ends.filter(({ status }) => status === 'open')) {
    const fresh = record.requiredRoles
      .filter((role) => !record.decisions.some((decision) => decision.role === role))
      .reduce((current: ApprovalRecord, role, index) => {
        const decided = decideApproval(current, {
          decision: 'approve',
          signer: principal(`New${index}`),
          roles: [{ role }],
          at: OPEN.requestedAt,
        });
        return decided.ok ? decided.next : current;
      }, record);
    expect(fresh.status).toBe('approved');
  }
});

test('settling changes no decision, and never approves against a rejection', () => {
  for (const record of ends) {
    const { next, settled } = settleApproval(record, undefined, { onDeadline: 'approve' }, '2026-03-02T10:00:01.000Z');
    expect(next.decisions).toEqual(record.decisions);
    if (record.status === 'open') expect(settled.approved).toBe(record.decisions.every(({ decision }) => decision === 'approve'));
    else expect(settled.approved).toBe(record.status === 'approved');
  }
});
