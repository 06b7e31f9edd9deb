export const predict = () => ({ mistakeRate: 0.06, cost: 3, touches: 1.6 });
