import type { DriftMute } from '../../contracts';

export const EVERYTHING = '*';

/** A text feature stands for what is derived from it, a feature for its groups. */
export const covers = (muted: string, feature: string): boolean =>
  muted === EVERYTHING || feature === muted || feature.startsWith(`${muted}.`) || feature.startsWith(`${muted}=`);

/** Those whose end has not come. */
export const standingMutes = (mutes: DriftMute[], nowMillis: number): DriftMute[] =>
  mutes.filter(({ until }) => Date.parse(until) > nowMillis);

export const isMuted = (feature: string, standing: DriftMute[]): boolean => standing.some((mute) => covers(mute.feature, feature));

/** Acknowledged drift that is over: the same feature is told again when it drifts anew. `present`: features that still drift. */
export const overMutes = (mutes: DriftMute[], present: string[]): DriftMute[] =>
  mutes.filter(({ kind, feature }) => kind === 'acknowledge' && !present.some((one) => covers(feature, one)));
