import * as z from 'zod';
import { duration } from './kpi-events-schema';
import type { TimelineEntry } from './timeline';

/** A part of an entry of the timeline: members of `detail` are equal, or texts that hold the one given. */
export const happeningSchema = z.strictObject({
  source: z.string().optional().describe('Who told it, such as states, alarm or fault; default: anybody'),
  event: z.string().describe('The entry’s event, such as failed or ALARM'),
  detail: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('Members of the entry’s detail: texts need only be held, other values are equal'),
  after: duration.optional().describe('Not earlier than this after the start'),
  before: duration.optional().describe('Not later than this after the start'),
  times: z.number().int().nonnegative().optional().describe('So often; default: at least once'),
});

export type Happening = z.output<typeof happeningSchema>;

export function happened({ source, event, detail, after, before }: Happening, entry: TimelineEntry): boolean {
  if (entry.event !== event || (source !== undefined && entry.source !== source)) return false;
  if (after !== undefined && entry.t * 1000 < after) return false;
  if (before !== undefined && entry.t * 1000 > before) return false;
  return Object.entries(detail ?? {}).every(([key, wanted]) => {
    const given = entry.detail[key];
    return typeof wanted === 'string' && typeof given === 'string' ? given.includes(wanted) : given === wanted;
  });
}

const wordsOf = ({ detail, after, before }: Happening): string =>
  [
    ...Object.entries(detail ?? {}).map(([key, value]) => ` ${key} ${value}`),
    ...(after === undefined ? [] : [` after ${after / 1000} s`]),
    ...(before === undefined ? [] : [` before ${before / 1000} s`]),
  ].join(',');

const timesText = (count: number): string => (count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`);

/** Whether the timeline holds it as often as it is asked for. */
export function checkHappening(happening: Happening, timeline: readonly TimelineEntry[]): { text: string; held: boolean; seen?: string } {
  const { event, source, times } = happening;
  const found = timeline.filter((entry) => happened(happening, entry)).length;
  const often = times === undefined ? 'at least once' : timesText(times);
  const what = `${source === undefined ? '' : `${source} `}${event}${wordsOf(happening)}`;
  const held = times === undefined ? found > 0 : found === times;
  return { text: `${what} happened ${often}`, held, ...(held ? {} : { seen: timesText(found) }) };
}
