/** Every request is a case of its own. */
export function traffic() {
  let cases = 0;
  return {
    next({ atMinutes }) {
      cases += 1;
      return { unit: `case-${cases}`, request: { case: cases, atMinutes } };
    },
  };
}
