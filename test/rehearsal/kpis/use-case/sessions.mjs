/** Sessions come back: two of three requests belong to one that has begun. */
export function traffic({ random }) {
  let sessions = 0;
  return {
    next() {
      const returns = sessions > 0 && random() < 2 / 3;
      if (!returns) sessions += 1;
      const back = returns ? Math.floor(random() * Math.min(sessions, 20)) : 0;
      return { unit: `session-${sessions - back}`, request: { returns }, truth: { first: !returns } };
    },
  };
}
