import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OwnerNotifications } from '../../../lib';
import { recipientsOf } from '../../../lib/notifications/recipients';

function notificationsFor(emails: Record<string, string[]>) {
  const stack = new Stack(new App(), 'notifications');
  const notifications = new OwnerNotifications(stack, 'Notifications', { useCaseName: 'support-triage', emails });
  const template = Template.fromStack(stack);
  const idOf = (topic: { topicArn: string }): string => (stack.resolve(topic.topicArn) as { Ref: string }).Ref;
  const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription')).map(({ Properties }) => {
    const { TopicArn, Endpoint, FilterPolicy } = Properties as { TopicArn: { Ref: string }; Endpoint: string; FilterPolicy?: object };
    return { topic: TopicArn.Ref, to: Endpoint, filter: FilterPolicy };
  });
  return { notifications, template, all: idOf(notifications.topic), byRole: idOf(notifications.roleTopic), subscriptions };
}

const EMAILS = {
  process: ['lead@example.com'],
  risk: ['risk@example.com', 'both@example.com'],
  quality: ['both@example.com'],
  platform: [],
};

test('each role is told what concerns it, the process owner everything, and an address once', () => {
  const { byRole, subscriptions } = notificationsFor(EMAILS);
  expect(subscriptions.filter(({ topic }) => topic === byRole)).toEqual([
    { topic: byRole, to: 'lead@example.com', filter: undefined },
    { topic: byRole, to: 'risk@example.com', filter: { roles: ['all', 'risk'] } },
    { topic: byRole, to: 'both@example.com', filter: { roles: ['all', 'risk', 'quality'] } },
  ]);
});

test('alarms carry no attributes, so nobody is filtered where they tell', () => {
  const { all, byRole, subscriptions, template } = notificationsFor(EMAILS);
  expect(all).not.toBe(byRole);
  expect(subscriptions.filter(({ topic }) => topic === all)).toEqual(
    ['lead@example.com', 'risk@example.com', 'both@example.com'].map((to) => ({ topic: all, to, filter: undefined })),
  );
  const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy')).map(({ Properties }) => JSON.stringify(Properties));
  expect(policies.filter((policy) => policy.includes('cloudwatch.amazonaws.com'))).toEqual([expect.stringContaining(all)]);
});

test.each<[string, Record<string, string[]>]>([
  ['nobody is told by mail', {}],
  ['the process owner alone is', { process: ['lead@example.com'], risk: [] }],
  ['there is no process owner to ask for the rest', { risk: ['risk@example.com'], quality: ['q@example.com'] }],
])('one topic is enough where %s', (_, emails) => {
  const { all, byRole, subscriptions } = notificationsFor(emails);
  expect(byRole).toBe(all);
  expect(subscriptions).toHaveLength(new Set(Object.values(emails).flat()).size);
  expect(subscriptions.every(({ filter }) => filter === undefined)).toBe(true);
});

test('an address that stands for the process as well is told everything', () => {
  expect(recipientsOf({ process: ['a@x.org'], risk: ['a@x.org', 'b@x.org'] })).toEqual([
    { address: 'a@x.org' },
    { address: 'b@x.org', roles: ['risk'] },
  ]);
});
