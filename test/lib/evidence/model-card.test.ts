import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EvidenceStore, ModelCard, type ModelCardProps, RiskClass } from '../../../lib';
import { actionsOf } from '../../support/policies';
import { testStack } from '../../support/stacks';

const FACTS: Omit<ModelCardProps, 'store'> = {
  useCaseName: 'support-triage',
  problem: 'Agents lose time to spam.',
  users: 'support agents',
  hypothesis: 'Spam falls.',
  reviewBy: '2027-03-31',
  risk: RiskClass.LIMITED,
  personalData: true,
  dataSources: ['mailbox'],
  owners: { process: ['arn:aws:iam::111122223333:role/Lead'] },
};

function carded(more: Partial<ModelCardProps> = {}) {
  const stack = testStack();
  const store = new EvidenceStore(stack, 'Evidence');
  return { stack, card: new ModelCard(stack, 'Card', { ...FACTS, store, ...more }) };
}

describe('ModelCard', () => {
  test('may make and change its own card, read signed evidence, and write none', () => {
    const { stack, card } = carded();
    const template = Template.fromStack(stack);
    expect(card.cardName).toMatch(/^support-triage-[0-9a-f]{6}$/);
    expect(actionsOf(template, /CardHandlerRole/)).toEqual(
      expect.arrayContaining([
        'sagemaker:AddTags',
        'sagemaker:CreateModelCard',
        'sagemaker:DescribeModelCard',
        'sagemaker:UpdateModelCard',
      ]),
    );
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain(`:model-card/${card.cardName}"`);
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('s3:PutObject');
  });

  test('is filled when evidence was signed, and looked after daily', () => {
    const template = Template.fromStack(carded().stack);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ object: { key: [{ prefix: 'heads/' }] } }) }),
    });
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(40 3 * * ? *)' });
  });

  test('carries what the charter says beside its handler, however long that is', () => {
    const problem = 'p'.repeat(10_000);
    const { stack } = carded({ problem });
    const assembly = (stack.node.root as App).synth();
    const folders = assembly.directory;
    const [asset] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).flatMap((resource) => {
      const { S3Key } = (resource['Properties'] as { Code: { S3Key: string } }).Code;
      const facts = path.join(folders, `asset.${S3Key.replace('.zip', '')}`, 'facts.json');
      return existsSync(facts) ? [readFileSync(facts, 'utf8')] : [];
    });
    expect(JSON.parse(asset ?? '{}')).toMatchObject({ problem, risk: 'limited', owners: FACTS.owners });
  });

  test('refuses a risk that no charter has', () => {
    expect(() => carded({ risk: 'huge' as RiskClass })).toThrow("risk is 'huge': it must be one of minimal, limited, high.");
  });
});
