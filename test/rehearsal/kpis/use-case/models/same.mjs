export const predict = () => ({ mistakeRate: 0.2, cost: 4, touches: 2 });
