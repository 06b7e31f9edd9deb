import { approvalFindings } from '../../core/charter/approval-checks';
import { formatPath } from '../../core/charter/problem';
import { approvals as approvalsSchema } from '../../core/charter/sections/guardrails';
import { lanes as lanesSchema } from '../../core/charter/sections/lanes';
import type { ApprovalPolicy as CoreApprovalPolicy, Lane as CoreLane } from '../../core/contracts';
import type { ApprovalPolicy, Lane } from './approval-policy';

interface Given {
  approvals?: ApprovalPolicy;
  lanes?: Lane[];
  owners: Record<string, string[]>;
}

const minutes = (value: number | undefined): string | undefined => (value === undefined ? undefined : `${value}m`);

/** Approvals as the charter would write them. */
export const writtenApprovals = ({ deadlineMinutes, escalation, ...rest }: ApprovalPolicy): Record<string, unknown> => ({
  ...rest,
  deadline: minutes(deadlineMinutes),
  escalation: escalation && { after: minutes(escalation.afterMinutes), roles: escalation.roles },
});

/** Boards and lanes of a workflow without a charter, held to the charter's rules. */
export function checkedApprovals(given: Given): { approvals: CoreApprovalPolicy; lanes: CoreLane[] } {
  // Without undefined members: a missing setting and one that is no setting are told apart.
  const written = JSON.parse(JSON.stringify({ approvals: writtenApprovals(given.approvals ?? {}), lanes: given.lanes ?? [] })) as object;
  const approvals = approvalsSchema.safeParse((written as { approvals: unknown }).approvals);
  const lanes = lanesSchema.safeParse((written as { lanes: unknown }).lanes);
  const issues = [...issuesOf('approvals', approvals.error), ...issuesOf('lanes', lanes.error)];
  if (!approvals.success || !lanes.success) throw refusal(issues);
  const owners = Object.fromEntries(
    Object.entries(given.owners).map(([role, principals]) => [role, { principals, notify: [], delegates: [] }]),
  );
  const findings = approvalFindings({ owners, approvals: approvals.data, lanes: lanes.data, charter: { risk: 'limited' } });
  if (findings.length > 0) {
    throw refusal(findings.map(({ path, message, allowed }) => `${formatPath(path)} ${message}; allowed: ${allowed}`));
  }
  return { approvals: approvals.data, lanes: lanes.data };
}

type Problems = { issues: { path: PropertyKey[]; message: string }[] } | undefined;

const issuesOf = (section: string, error: Problems): string[] =>
  (error?.issues ?? []).map(
    ({ path, message }) =>
      `${formatPath([section, ...path.map((part) => (typeof part === 'number' ? part : String(part)))])}: allowed is ${message}`,
  );

const refusal = (problems: string[]): Error => new Error(`The approvals of this release workflow cannot work:\n  ${problems.join('\n  ')}`);
