export default function traffic() {
  let cases = 0;
  return {
    next() {
      cases += 1;
      return { unit: `case-${cases}`, request: { case: cases } };
    },
  };
}
