import type { Finding } from './problem';
import { didYouMean } from './suggest';

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lays the profile's serving section over the charter's, key by key, before either is checked. */
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
  if (!isMapping(overlay) || !isMapping(overlay['serving']) || !isMapping(raw['serving'])) return { value: raw };
  return { value: { ...raw, serving: { ...raw['serving'], ...overlay['serving'] } } };
}
