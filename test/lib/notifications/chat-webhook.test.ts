import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import { ChatWebhook } from '../../../lib';
import { actionsOf, statementsOf } from '../../support/policies';
import { placeholderBundles } from '../../support/stacks';

placeholderBundles();
const stack = new Stack(new App(), 'chat');
const eventBus = events.EventBus.fromEventBusName(stack, 'Bus', 'default');
new ChatWebhook(stack, 'Chat', { useCaseName: 'support-triage', eventBus, secretName: 'chat/model-ops' });
const template = Template.fromStack(stack);

test('hears what is meant for people of this use case, and no task tokens', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['sluice'],
      detail: { useCase: ['support-triage'], severity: ['info', 'warning', 'page'], subject: [{ exists: true }] },
    },
    Targets: [Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 3600 } })],
  });
});

test('knows the secret by name, and may read nothing else', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ CHAT_WEBHOOK_SECRET: 'chat/model-ops' }) },
  });
  expect(actionsOf(template, /ChatHandlerRole/)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:GetSecretValue']);
  const [statement] = statementsOf(template, /ChatHandlerRole/).filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
  expect(JSON.stringify(statement?.Resource)).toContain(':secret:chat/model-ops-??????');
});

test('a name that is none is refused', () => {
  expect(() => new ChatWebhook(stack, 'Other', { useCaseName: 'X', eventBus, secretName: 's' })).toThrow(/3 to 32/);
});
