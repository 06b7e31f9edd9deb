import type { DriftCheck, DriftFinding, DriftLook, DriftMute, DriftState } from '../../contracts';
import { isMuted, overMutes, standingMutes } from './mutes';
import { hourOfName } from './objects';

/** Trouble is over when so many hours with data did not show it: a window at the edge tells nobody twice a day. */
const QUIET_HOURS = 3;
/** Looks are an hour apart: what was told a day ago is told again, even when that look was a little late. */
const AGAIN_MILLIS = 24 * 3_600_000 - 30 * 60_000;

const TROUBLES = ['DriftDetected', 'DriftBrokenInput', 'DriftNoData'] as const;
export type TroubleEvent = (typeof TROUBLES)[number];
export type NoticeEvent = TroubleEvent | 'DriftEnded';

/** Stand for what is no feature: captures that do not come, records that cannot be read. */
export const CAPTURES = 'captures';
export const RECORDS = 'records';

const BROKEN: ReadonlySet<DriftCheck> = new Set<DriftCheck>(['missing', 'wrong-type', 'out-of-range', 'incomplete']);

/** What is known of earlier looks; keys are `<event>:<feature>`. */
export interface DriftMemory {
  /** The last hour that showed it; it leaves when it is over. */
  seen: Record<string, string>;
  /** When it was told last, ISO 8601. */
  told: Record<string, string>;
}

export const NOTHING_TOLD: DriftMemory = { seen: {}, told: {} };

export interface Notice {
  event: NoticeEvent;
  /** A line for people. */
  subject: string;
  /** What it is about; nothing that is muted. */
  findings: DriftFinding[];
}

export interface TellingInput {
  look: DriftLook;
  /** Somebody asked the endpoint, and nothing of it can be judged. */
  missing: boolean;
  /** Features that are watched and cannot be compared. */
  notCompared?: string[];
  memory: DriftMemory;
  mutes: DriftMute[];
  nowMillis: number;
}

export interface Telling {
  notices: Notice[];
  memory: DriftMemory;
  /** Acknowledgements of what is over: they are taken away. */
  over: DriftMute[];
  /** What nobody has muted, by event: features. */
  loud: Record<TroubleEvent, string[]>;
}

interface Trouble {
  event: TroubleEvent;
  feature: string;
  findings: DriftFinding[];
  /** Nothing happens: it is how it was set up. */
  isSetting?: boolean;
}

/** Whom nobody has told is told at once; what goes on is told again daily; what is over is told once. */
export function decideTelling({ look, missing, notCompared = [], memory, mutes, nowMillis }: TellingInput): Telling {
  const troubles = troublesOf(look, missing, notCompared);
  const seen = seenWith(memory.seen, look, troubles);
  const standing = standingMutes(mutes, nowMillis);
  const loud = troubles.filter(({ feature }) => !isMuted(feature, standing));
  const now = new Date(nowMillis).toISOString();
  // What is muted now is told at once when the mute ends.
  const told = Object.fromEntries(Object.entries(memory.told).filter(([key]) => !isMuted(featureOf(key), standing)));
  const notices: Notice[] = [];
  for (const event of TROUBLES) {
    const current = loud.filter((trouble) => trouble.event === event);
    if (current.some((trouble) => isDue(trouble, told[keyOf(trouble)], nowMillis))) {
      // What is told again is told whole: the day begins anew for all of it.
      for (const trouble of current) told[keyOf(trouble)] = now;
      const features = current.map(({ feature }) => feature);
      notices.push({ event, subject: WORDS[event](look, features), findings: current.flatMap(({ findings }) => findings) });
    }
    const ended = endedOf(event, told, seen);
    for (const key of ended) delete told[key];
    if (ended.length > 0 && !Object.keys(told).some((key) => key.startsWith(`${event}:`))) {
      notices.push({ event: 'DriftEnded', subject: OVER[event](ended.map(featureOf)), findings: [] });
    }
  }
  const present = Object.keys(seen).map(featureOf);
  const featuresOf = (event: TroubleEvent) => loud.filter((one) => one.event === event).map(({ feature }) => feature);
  return {
    notices,
    memory: { seen, told },
    over: overMutes(standing, present),
    loud: {
      DriftDetected: featuresOf('DriftDetected'),
      DriftBrokenInput: featuresOf('DriftBrokenInput'),
      // Of a setting nobody is woken again and again.
      DriftNoData: featuresOf('DriftNoData').filter((feature) => feature === CAPTURES),
    },
  };
}

const keyOf = ({ event, feature }: Pick<Trouble, 'event' | 'feature'>): string => `${event}:${feature}`;
const featureOf = (key: string): string => key.slice(key.indexOf(':') + 1);

const isDue = ({ isSetting }: Trouble, lastTold: string | undefined, nowMillis: number): boolean =>
  lastTold === undefined || (isSetting !== true && nowMillis - Date.parse(lastTold) >= AGAIN_MILLIS);

const endedOf = (event: TroubleEvent, told: Record<string, string>, seen: Record<string, string>): string[] =>
  Object.keys(told).filter((key) => key.startsWith(`${event}:`) && !(key in seen));

/** Everything that fired, in windows and in the quality of answers. */
export const findingsOf = ({ windows }: Pick<DriftLook, 'windows'>): DriftFinding[] => windows.flatMap(({ findings }) => findings);

function troublesOf(look: DriftLook, missing: boolean, notCompared: string[]): Trouble[] {
  const byKey = new Map<string, Trouble>();
  for (const finding of findingsOf(look)) {
    const event: TroubleEvent = BROKEN.has(finding.check) ? 'DriftBrokenInput' : 'DriftDetected';
    const trouble = { event, feature: finding.feature, findings: [finding] };
    const known = byKey.get(keyOf(trouble));
    if (known === undefined) byKey.set(keyOf(trouble), trouble);
    else known.findings.push(finding);
  }
  const unreadable = look.windows.some(
    ({ state, findings }) => state === 'broken-input' && !findings.some(({ check }) => BROKEN.has(check)),
  );
  return [
    ...byKey.values(),
    ...(unreadable ? [{ event: 'DriftBrokenInput' as const, feature: RECORDS, findings: [] }] : []),
    ...(missing ? [{ event: 'DriftNoData' as const, feature: CAPTURES, findings: [] }] : []),
    ...notCompared.map((feature) => ({ event: 'DriftNoData' as const, feature, findings: [], isSetting: true })),
  ];
}

/** Without data nobody can say that anything is over. */
const isJudged = ({ windows }: DriftLook): boolean =>
  windows.some(({ state }) => state === 'ok' || state === 'drifting' || state === 'broken-input');

function seenWith(before: Record<string, string>, look: DriftLook, troubles: Trouble[]): Record<string, string> {
  const held = Object.entries(before).flatMap(([key, hour]): [string, string][] => {
    if (!isJudged(look)) return [[key, look.hour]];
    // Data that comes again is seen at once.
    const quietHours = key.startsWith('DriftNoData:') ? 1 : QUIET_HOURS;
    return hourOfName(look.hour) - hourOfName(hour) < quietHours ? [[key, hour]] : [];
  });
  return { ...Object.fromEntries(held), ...Object.fromEntries(troubles.map((trouble) => [keyOf(trouble), look.hour])) };
}

const WORDS: Record<TroubleEvent, (look: DriftLook, features: string[]) => string> = {
  DriftDetected: (_, features) => `drift in ${listed(features)}`,
  DriftBrokenInput: ({ reason }, features) =>
    features.includes(RECORDS) ? `captured records cannot be read: ${reason}` : `broken input in ${listed(features)}`,
  DriftNoData: ({ reason }, features) =>
    features.includes(CAPTURES)
      ? `drift cannot be judged: ${reason}`
      : `drift cannot be judged in ${listed(features)}: the baseline has no values of it`,
};

const OVER: Record<TroubleEvent, (features: string[]) => string> = {
  DriftDetected: (features) => `no drift any more in ${listed(features)}`,
  DriftBrokenInput: (features) => `input is no longer broken in ${listed(features)}`,
  DriftNoData: () => 'drift can be judged again',
};

const MOST_NAMED = 5;

function listed(features: string[]): string {
  const named = features.slice(0, MOST_NAMED).join(', ');
  return features.length > MOST_NAMED ? `${named} and ${features.length - MOST_NAMED} more` : named;
}

/**
 * What of a look nobody has muted: whoever retrains on an event must not be held up by broken input that is known, nor by what is mended and
 * still stands in a long window.
 */
export function loudState(look: DriftLook, { DriftBrokenInput, DriftDetected }: Telling['loud']): DriftState {
  const latest = look.windows.find(({ state }) => state === 'ok' || state === 'drifting' || state === 'broken-input');
  const broken = (latest?.findings ?? []).filter(({ check }) => BROKEN.has(check)).map(({ feature }) => feature);
  const isUnreadable = latest?.state === 'broken-input' && broken.length === 0;
  const isBroken = broken.some((feature) => DriftBrokenInput.includes(feature)) || (isUnreadable && DriftBrokenInput.includes(RECORDS));
  if (isBroken) return 'broken-input';
  if (DriftDetected.length > 0) return 'drifting';
  return look.state;
}
