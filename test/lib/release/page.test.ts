import { RUNBOOKS } from '../../../core/contracts';
import { releaseDefinition } from '../../../lib/release/release-definition';
import { teardownDefinition } from '../../../lib/release/teardown-definition';
import { evaluate, PARTS } from '../../support/workflow';

interface Publish {
  name: string;
  subject: string;
  message: string;
}

/** Every state that tells people without a handler. */
function publishing(states: Record<string, Record<string, unknown>>): Publish[] {
  return Object.entries(states)
    .filter(([, { Resource }]) => String(Resource).endsWith('sns:publish'))
    .map(([name, { Arguments }]) => {
      const { Subject, Message } = Arguments as { Subject: string; Message: string };
      return { name, subject: Subject, message: Message };
    });
}

const pages = [...publishing(releaseDefinition(PARTS).States), ...publishing(teardownDefinition(PARTS).States)];

const said = (message: string, reason: string): Promise<unknown> =>
  evaluate(message, {
    reason,
    ending: { outcome: 'killed', reason },
    states: { context: { Execution: { Input: { releaseId: 'r7-3f2a9c1b' } } } },
  });

test('the workflows page on their own where a handler may be what fails', () => {
  expect(pages.map(({ name }) => name).sort()).toEqual(['PageBeforeKill', 'PageNoEvidence', 'PageOwner', 'TeardownFailed']);
});

test.each(pages)('$name names no person, whatever the reason says, and links a runbook', async ({ subject, message }) => {
  const reason =
    'anna.b@example.co.uk asked; arn:aws:sts::111122223333:assumed-role/ModelRisk/anna@example.com and arn:aws:iam::111122223333:user/anna did; ' +
    'carl@example.com too: the endpoint stands';
  const text = String(await said(message, reason));
  expect(text).not.toMatch(/anna|carl|@/);
  expect(text).toContain('(address) asked');
  expect(text).toContain(':role/ModelRisk');
  expect(text).toContain('the endpoint stands');
  const [, runbook] = /What to do: https:\/\/runbooks\.example\.com\/([a-z-]+)\.md$/.exec(text) ?? [];
  expect(RUNBOOKS).toContain(runbook);
  expect(subject.length).toBeLessThan(100);
});

test.each(pages)('$name says what happened', async ({ message }) => {
  expect(await said(message, 'no capacity for ml.g5.xlarge')).toContain('no capacity for ml.g5.xlarge');
});
