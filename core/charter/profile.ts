import type { Finding } from './problem';
import { didYouMean } from './suggest';

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Section → the key that decides what its other keys mean, and those that stay under another choice. */
const SECTIONS = {
  serving: { choice: 'mode', kept: ['officeHours', 'idle', 'timeToLive', 'streaming', 'batch'] },
  rollout: { choice: 'strategy', kept: ['maxDuration', 'inconclusive', 'holdout', 'freezes'] },
} as const;

/** Key by key; under another mode or strategy the settings of the charter's own are left behind. */
function laidOver(name: keyof typeof SECTIONS, given: Record<string, unknown>, overlay: Record<string, unknown>): Record<string, unknown> {
  const { choice, kept } = SECTIONS[name];
  const chooses = overlay[choice] !== undefined && JSON.stringify(overlay[choice]) !== JSON.stringify(given[choice]);
  // Nothing switches an asynchronous endpoint off, and no overlay could say that there is no time to live.
  const left = overlay[choice] === 'async' ? 'timeToLive' : undefined;
  const stays = Object.entries(given).filter(([key]) => !chooses || ((kept as readonly string[]).includes(key) && key !== left));
  return { ...Object.fromEntries(stays), ...overlay };
}

/** Lays the profile's sections over the charter's, key by key, before either is checked. */
export function applyProfile(raw: unknown, profile: string | undefined): { value: unknown } | { finding: Finding } {
  if (profile === undefined || !isMapping(raw)) return { value: raw };
  const profiles = isMapping(raw['profiles']) ? raw['profiles'] : {};
  if (!Object.hasOwn(profiles, profile)) {
    const names = Object.keys(profiles);
    const allowed = names.length === 0 ? 'no profile: the charter has none' : `one of ${names.join(', ')}`;
    const suggestion = didYouMean(profile, names);
    return {
      finding: { path: ['profiles'], message: 'does not have the profile asked for', given: JSON.stringify(profile), allowed, suggestion },
    };
  }
  const overlay = profiles[profile];
  if (!isMapping(overlay)) return { value: raw };
  const value = { ...raw };
  for (const name of ['serving', 'rollout'] as const) {
    const [given, laid] = [raw[name] ?? {}, overlay[name]];
    if (isMapping(given) && isMapping(laid)) value[name] = laidOver(name, given, laid);
  }
  return { value };
}
