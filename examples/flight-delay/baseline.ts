interface Flight {
  scheduledHour?: number;
}

const EVENING_HOUR = 18;

/** The null model: what the desk says by heart. Any model must beat this to earn its keep. */
export function answer(request: unknown): { delayMinutes: number } {
  const { scheduledHour = 12 } = request as Flight;
  return { delayMinutes: scheduledHour >= EVENING_HOUR ? 20 : 10 };
}
