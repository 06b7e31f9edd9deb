export const predict = () => ({ mistakeRate: 0.7, cost: 4, touches: 2 });
