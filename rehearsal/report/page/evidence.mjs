// E-values as texts, from their logarithm: for the axis, and for the values under a chart.

export const power = (log10) => {
  if (log10 >= -2 && log10 <= 3) return String(Number((10 ** log10).toPrecision(3)));
  return `1e${Math.round(log10)}`;
};

export const evidence = (log10) => {
  if (log10 === null || log10 === undefined) return '–';
  if (log10 >= -2 && log10 < 4) return String(Number((10 ** log10).toPrecision(2)));
  const exponent = Math.floor(log10);
  return `${(10 ** (log10 - exponent)).toFixed(1)}e${exponent}`;
};
