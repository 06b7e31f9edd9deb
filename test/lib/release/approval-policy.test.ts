import { AwsSolutionsChecks } from 'cdk-nag';
import { App, Stack, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ReleaseSpec } from '../../../core/contracts';
import {
  AiUseCase,
  type AiUseCaseProps,
  type ApprovalPolicy,
  Baseline,
  DeadlineAction,
  KpiDirection,
  KpiRole,
  KpiUnit,
  type Lane,
  ModelSource,
  RiskClass,
} from '../../../lib';
import { checkedApprovals } from '../../../lib/release/checked-approvals';
import { actionsOf } from '../../support/policies';
import { placeholderBundles } from '../../support/stacks';

const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const LANE: Lane = {
  name: 'tuning',
  changes: ['behaviour.threshold'],
  within: { 'behaviour.threshold': [0.5, 0.7] },
  requiredRoles: ['quality'],
};
const BOARD: ApprovalPolicy = {
  requiredRoles: ['quality', 'risk'],
  quorum: 2,
  vetoRoles: ['risk'],
  deadlineMinutes: 600,
  onDeadline: DeadlineAction.REJECT,
  escalation: { afterMinutes: 60, roles: ['process'] },
  separationOfDuties: true,
  callback: true,
};

function useCaseWith(props: Partial<AiUseCaseProps>) {
  placeholderBundles();
  const app = new App();
  const stack = new Stack(app, 'support-triage');
  const useCase = new AiUseCase(stack, 'SupportTriage', {
    name: 'support-triage',
    purpose: {
      problem: 'Agents lose time to spam.',
      users: 'support agents',
      hypothesis: 'Less spam.',
      reviewBy: '2027-03-31',
      risk: RiskClass.LIMITED,
      data: { sources: ['support mailbox'], personal: true },
    },
    owners: {
      process: { principals: [role('SupportLead')] },
      quality: { principals: [role('MlLead')], delegates: [role('Deputy')] },
      risk: { principals: [role('ModelRisk')], notify: ['risk@example.com'] },
    },
    kpis: [{ name: 'missed-spam', better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GOAL, windowMinutes: 360 }],
    baseline: Baseline.fixedAnswer({ label: 'ham' }),
    model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7'),
    serving: { instanceType: 'ml.m5.large' },
    approvals: BOARD,
    ...props,
  });
  return { app, stack, useCase, template: Template.fromStack(stack) };
}

function specIn(template: Template): ReleaseSpec {
  const [desired] = Object.values(template.findResources('Custom::SluiceDesiredRelease'));
  const written = desired?.['Properties'] as { Release: string | { 'Fn::Join': [string, unknown[]] } };
  const text = typeof written.Release === 'string' ? written.Release : written.Release['Fn::Join'][1].map(String).join('');
  return JSON.parse(text.replaceAll('[object Object]', 'x')) as ReleaseSpec;
}

const approvalHandler = (template: Template): Record<string, string> => {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const [, found] = functions.find(([id]) => /ReleaseApproval/.test(id)) ?? [];
  return (found?.['Properties'] as { Environment: { Variables: Record<string, string> } }).Environment.Variables;
};

describe('a board in props', () => {
  const { template, useCase } = useCaseWith({ lanes: [LANE], chatWebhookSecretName: 'chat/model-ops' });

  test('reaches the release as the charter would write it', () => {
    expect(specIn(template)).toMatchObject({ approvals: BOARD, lanes: [LANE] });
  });

  test('tells the handler who decides, and to whom a role may be lent', () => {
    const { OWNERS = '', DELEGATES = '' } = approvalHandler(template);
    expect(JSON.parse(OWNERS)).toMatchObject({ quality: [role('MlLead')], risk: [role('ModelRisk')] });
    expect(JSON.parse(DELEGATES)).toEqual({ quality: [role('Deputy')] });
  });

  test('lets the handler read and write the ledger, tell, and answer its own tokens: no more', () => {
    expect(actionsOf(template, /ReleaseApprovalRole/)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sns:Publish',
      'states:SendTaskSuccess',
    ]);
  });

  test('has a chat beside, whose failures are told', () => {
    expect(useCase.chat).toBeDefined();
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => JSON.stringify(Properties));
    expect(alarms.some((alarm) => alarm.includes('notify-chat-errors') && alarm.includes('alarm.md#chat-errors'))).toBe(true);
  });
});

test('without delegates, lanes and a chat there is nothing of them', () => {
  const { template, useCase } = useCaseWith({ owners: { process: { principals: [role('A')] } }, approvals: undefined });
  expect(approvalHandler(template)['DELEGATES']).toBeUndefined();
  expect(specIn(template).lanes).toBeUndefined();
  expect(useCase.chat).toBeUndefined();
});

test('a board that can never agree is refused at synth', () => {
  const approvals = { requiredRoles: ['quality', 'risk'] };
  const owners = { process: { principals: [role('A')] }, quality: { principals: [role('B')] }, risk: { principals: [role('B')] } };
  expect(() => useCaseWith({ owners, approvals })).toThrow(/approvals\.requiredRoles: can never all be different people/);
});

test('cdk-nag finds nothing in a chat and topics by role', () => {
  const { app } = useCaseWith({
    chatWebhookSecretName: 'chat/model-ops',
    owners: {
      process: { principals: [role('A')], notify: ['a@example.com'] },
      quality: { principals: [role('B')] },
      risk: { principals: [role('C')], notify: ['c@example.com'] },
    },
  });
  const pack = new AwsSolutionsChecks(app) as IPolicyValidationPlugin & {
    validateScope(scope: App): { violations: { ruleName: string; violatingResources: { constructPath?: string }[] }[] };
  };
  const found = pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
  expect(found.filter((finding) => /Chat|Notifications|Approval/.test(finding))).toEqual([]);
});

describe('a workflow without a charter', () => {
  const owners = { quality: [role('MlLead')], risk: [role('ModelRisk')], process: [role('SupportLead')] };

  test('gets the board as the charter would', () => {
    expect(checkedApprovals({ owners, approvals: BOARD, lanes: [LANE] })).toEqual({ approvals: BOARD, lanes: [LANE] });
    expect(checkedApprovals({ owners })).toEqual({
      approvals: { requiredRoles: [], deadlineMinutes: 2880, onDeadline: 'reject', separationOfDuties: true, callback: false },
      lanes: [],
    });
  });

  test.each<[string, ApprovalPolicy, RegExp]>([
    ['an unknown role', { requiredRoles: ['legal'] }, /approvals\.requiredRoles\[0\] names a role that has no owner; allowed: .*quality/],
    ['a quorum that cannot be', { requiredRoles: ['risk'], quorum: 2 }, /approvals\.quorum can never be reached/],
    ['a deadline that is none', { requiredRoles: ['risk'], deadlineMinutes: 0 }, /approvals\.deadline: allowed is a duration/],
  ])('is refused with %s', (_, approvals, message) => {
    expect(() => checkedApprovals({ owners, approvals })).toThrow(message);
  });
});
