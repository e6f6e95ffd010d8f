export const rounded = (value: number, digits: number): number => {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
};

export const roundedOrNull = (value: number | null, digits: number): number | null =>
  value === null ? null : rounded(value, digits);
