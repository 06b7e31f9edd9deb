import { chatText } from '../../../core/notification/chat';

const SAID = {
  useCase: 'support-triage',
  severity: 'warning' as const,
  roles: ['risk'],
  subject: 'r7 asks for approval',
  runbook: 'https://x/y.md',
};

test('says what, for whom, until when and what to do', () => {
  expect(chatText({ ...SAID, deadline: '2026-03-02T10:00:00.000Z', decide: 'sluice approve --release r7', reason: 'a new prompt' })).toBe(
    [
      '[warning] support-triage: r7 asks for approval',
      'a new prompt',
      'for: risk',
      'until: 2026-03-02T10:00:00.000Z',
      'to decide: sluice approve --release r7',
      'What to do: https://x/y.md',
    ].join('\n'),
  );
});

test('a page is loud, what is for everybody names nobody, and a reason is not said twice', () => {
  expect(chatText({ ...SAID, severity: 'page', roles: [], reason: 'asks for approval' })).toBe(
    '[PAGE] support-triage: r7 asks for approval\nWhat to do: https://x/y.md',
  );
});

test('however long it is, what to do stays', () => {
  const text = chatText({ ...SAID, reason: 'x'.repeat(10_000) });
  expect(text.length).toBeLessThanOrEqual(2_001);
  expect(text).toMatch(/What to do: https:\/\/x\/y\.md$/);
});
