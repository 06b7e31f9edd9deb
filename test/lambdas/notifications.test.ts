import { fakeClient } from './support';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { type Notification, RUNBOOKS, type Runbook } from '../../core/contracts';
import { notifierFromEnvironment } from '../../lambdas/shared/notify';

const sent = fakeClient<never>();
jest.mock('@aws-sdk/client-sns', () => ({
  SNSClient: class {
    config = { signer: () => Promise.resolve({}) };
    middlewareStack = { remove: () => true, add: () => undefined };
    send = (sent.client as { send(command: object): Promise<unknown> }).send;
  },
  PublishCommand: class PublishCommand {
    constructor(readonly input: object) {}
  },
}));
jest.mock('@aws-sdk/client-eventbridge', () => ({
  EventBridgeClient: class {
    config = { signer: () => Promise.resolve({}) };
    middlewareStack = { remove: () => true, add: () => undefined };
    send = (sent.client as { send(command: object): Promise<unknown> }).send;
  },
  PutEventsCommand: class PutEventsCommand {
    constructor(readonly input: object) {}
  },
}));

const LAMBDAS = path.join(__dirname, '..', '..', 'lambdas');
const sources = readdirSync(LAMBDAS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(LAMBDAS, file), 'utf8') }));

interface Said {
  file: string;
  event: string;
  runbook: string;
  facts: string[];
}

/** Every notification that is written down in a handler: object literals with an event, a severity and a runbook. */
function notificationsIn({ file, text }: { file: string; text: string }): Said[] {
  const said: Said[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const members = new Map(node.properties.map((property) => [property.name?.getText() ?? '', property]));
      const textOf = (name: string): string => members.get(name)?.getText() ?? '';
      if (['event', 'severity', 'runbook'].every((name) => members.has(name))) {
        const facts = [...textOf('facts').matchAll(/(?<=[{,]\s*)\w+/g)].map(([name]) => name);
        said.push({ file, event: textOf('event'), runbook: textOf('runbook'), facts });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return said;
}

const all = sources.flatMap(notificationsIn);
const HOSTILE = [
  'anna@example.com',
  'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna@example.com',
  'arn:aws:iam::111122223333:user/anna',
  'AKIAIOSFODNN7EXAMPLE',
  'password=correct-horse',
  'https://hooks.example.com/services/T0/B0/xyz',
  `AAAAKgAAAAIAAAAAAAAAA${'fG9x+Q/0'.repeat(30)}==`,
];
const FORBIDDEN = /anna|AKIA|correct-horse|T0\/B0|fG9x/;

async function tell(notification: Notification): Promise<{ name: string; text: string }[]> {
  Object.assign(process.env, {
    USE_CASE: 'triage',
    NOTIFICATION_TOPIC_ARN: 'arn:topic',
    EVENT_BUS_NAME: 'default',
    RUNBOOKS_URL: 'https://x',
  });
  sent.sent.length = 0;
  await notifierFromEnvironment()(notification);
  return sent.sent.map(({ name, input }) => ({ name, text: JSON.stringify(input) }));
}

test('there are notifications to look at', () => {
  expect(all.map(({ event }) => event)).toEqual(expect.arrayContaining([expect.stringContaining('ApprovalRequested')]));
  expect(all.length).toBeGreaterThanOrEqual(5);
});

test('people and tools are told through one door, beside the token that is offered to a tool', () => {
  const doors = sources.filter(({ text }) => /\b(PublishCommand|PutEventsCommand)\b/.test(text)).map(({ file }) => file);
  expect(doors.sort()).toEqual(['approval/callback.ts', 'shared/notify.ts']);
});

test.each(all)('$file: $event carries no secret and no personal data, whatever its facts say', async ({ facts }) => {
  const hostile = HOSTILE.join(' and ');
  const messages = await tell({
    event: 'Told',
    severity: 'page',
    roles: [],
    subject: `because ${hostile}`,
    runbook: 'alarm',
    releaseId: 'r1',
    facts: Object.fromEntries([...facts, 'reason', 'by'].map((name) => [name, { nested: [hostile] }])),
  });
  expect(messages.map(({ name }) => name)).toEqual(['Publish', 'PutEvents']);
  for (const { text } of messages) expect(text).not.toMatch(FORBIDDEN);
});

test.each(all.filter(({ runbook }) => /'[a-z-]+'/.test(runbook)))('$file: $event links a runbook that is there', ({ runbook }) => {
  for (const [, name] of runbook.matchAll(/'([a-z-]+)'/g)) expect(RUNBOOKS).toContain(name as Runbook);
});

test('each runbook that a notification may name is a page', () => {
  const pages = readdirSync(path.join(LAMBDAS, '..', 'constructs-docs', 'runbooks'));
  expect(pages).toEqual(expect.arrayContaining(RUNBOOKS.map((name) => `${name}.md`)));
});

test('whom it concerns is an attribute to filter by; the link to the runbook stands in both', async () => {
  const said: Notification = {
    event: 'Told',
    severity: 'info',
    roles: ['risk', 'quality'],
    subject: 'hello',
    runbook: 'alarm',
    facts: { a: 1 },
  };
  const [mail, event] = await tell(said);
  expect(JSON.parse(mail!.text)).toMatchObject({
    Subject: 'triage: hello',
    Message: expect.stringContaining('What to do: https://x/alarm.md'),
    MessageAttributes: { roles: { DataType: 'String.Array', StringValue: '["risk","quality"]' }, severity: { StringValue: 'info' } },
  });
  expect(JSON.parse((JSON.parse(event!.text) as { Entries: { Detail: string }[] }).Entries[0]!.Detail)).toMatchObject({
    useCase: 'triage',
    runbook: 'https://x/alarm.md',
    subject: 'hello',
    a: 1,
  });
  const [toAll] = await tell({ ...said, roles: [] });
  expect(JSON.parse(toAll!.text)).toMatchObject({ MessageAttributes: { roles: { StringValue: '["all"]' } } });
});
