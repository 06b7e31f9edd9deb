export const predict = () => ({ mistakeRate: 0.32, cost: 4, touches: 2 });
