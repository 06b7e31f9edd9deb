export const predict = () => ({ mistakeRate: 0.2, cost: 7, touches: 2 });
