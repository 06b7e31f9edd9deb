export const predict = () => ({ mistakeRate: 0.98 });
