import { letBudgetsSpeak } from '../../../rehearsal/world/budget-speaks';
import { Laptop } from '../../../rehearsal/world/laptop';
import type { Budgets } from '../../../rehearsal/services/budgets';
import type { ScenarioAction } from '../../../rehearsal/world/scenario-schema';

const action = (more: Partial<ScenarioAction> = {}): ScenarioAction => ({
  at: 0,
  do: 'budget',
  as: 'platform',
  reason: 'scenario',
  ...more,
});

const laptop = (): Laptop => new Laptop({ startMillis: Date.parse('2026-03-02T09:00:00Z'), seed: 1, faults: [] });

function withBudget(): Laptop {
  const one = laptop();
  const notification = { comparison: 'GREATER_THAN', thresholdType: 'PERCENTAGE', emails: ['ada@example.org'] } as const;
  const notifications = [
    { ...notification, emails: [...notification.emails], kind: 'ACTUAL' as const, threshold: 80 },
    { ...notification, emails: [...notification.emails], kind: 'FORECASTED' as const, threshold: 100 },
  ];
  one.cloud.double<Budgets>('budgets').put({ name: 'claims', timeUnit: 'MONTHLY', limit: 100, notifications }, true);
  return one;
}

const told = (one: Laptop): unknown[] =>
  one.cloud.log.filter(({ source }) => source === 'budgets').map(({ detail }) => detail.kind ?? detail);

test('AWS Budgets speaks of the notification that fits', async () => {
  const one = withBudget();
  await letBudgetsSpeak(one, action({ kind: 'forecast' }), 'actions[0]');
  expect(told(one)).toEqual(['FORECASTED', { budget: 'claims', addresses: 1 }]);
});

test('a threshold that no notification has is refused with those that there are', async () => {
  await expect(letBudgetsSpeak(withBudget(), action(), 'actions[3]')).rejects.toThrow(
    /^actions\[3\]: no budget of the stack has such a notification\n {2}given: {3}kind: actual, threshold: 1\n {2}allowed: actual 0\.8, forecast 1$/,
  );
  await expect(letBudgetsSpeak(laptop(), action(), 'actions[0]')).rejects.toThrow('allowed: none: the charter has no budget');
});
