export { Budgets, createBudgets, shareOf, type Budget, type BudgetNotification } from './budgets';
export { budgetsResources } from './resources';
