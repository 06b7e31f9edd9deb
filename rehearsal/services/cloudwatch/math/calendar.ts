export const CALENDAR = ['MINUTE', 'HOUR', 'DAY', 'DATE', 'MONTH', 'YEAR', 'EPOCH'] as const;

/** What a time stamp says, in UTC. DAY: 1 is Monday, 7 is Sunday. */
export function calendarField(field: (typeof CALENDAR)[number], t: number): number {
  const date = new Date(t);
  switch (field) {
    case 'MINUTE':
      return date.getUTCMinutes();
    case 'HOUR':
      return date.getUTCHours();
    case 'DAY':
      return ((date.getUTCDay() + 6) % 7) + 1;
    case 'DATE':
      return date.getUTCDate();
    case 'MONTH':
      return date.getUTCMonth() + 1;
    case 'YEAR':
      return date.getUTCFullYear();
    case 'EPOCH':
      return Math.floor(t / 1000);
  }
}
