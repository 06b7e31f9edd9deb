import type { GoldenSetGate } from '../contracts';
import type { Finding } from './decision';
import type { GoldenTally } from './golden-tally';
import { meanOf } from './sums';
import { figure, many } from './words';

/** The slice with the lowest mean of those that have enough lines to say anything. */
export function sliceFinding({ by, atLeast, minimumLines }: NonNullable<GoldenSetGate['slices']>, slices: GoldenTally['slices']): Finding {
  const demanded = `at least ${figure(atLeast)}`;
  const speaking = Object.entries(slices).filter(([, { n }]) => n >= minimumLines);
  const silent = Object.keys(slices).length - speaking.length;
  const aside = silent === 0 ? '' : ` (${many(silent, 'slice')} of fewer than ${many(minimumLines, 'line')} left out)`;
  const [worst] = speaking.sort(([, one], [, other]) => one.micros / one.n - other.micros / other.n);
  const mean = worst === undefined ? undefined : meanOf(worst[1]);
  if (worst === undefined || mean === undefined) {
    const words = `no slice by ${by} has ${many(minimumLines, 'line')}: the worst slice is not known`;
    return { measure: { name: `worst slice (${by})`, demanded, passed: false, count: 0 }, words };
  }
  const [label, { n, micros }] = worst;
  const passed = micros >= Math.round(atLeast * 1e6) * n;
  const name = `worst slice (${by} = ${label})`;
  return {
    measure: { name, value: mean, demanded, passed, count: n },
    words: `${name} scores ${figure(mean)} on ${many(n, 'line')}, ${demanded} demanded${aside}`,
  };
}

/** Share of favourable answers of the group that gets fewest over that of the group that gets most. */
export function biasFinding(
  { by, ratioAtLeast, minimumLines }: NonNullable<GoldenSetGate['bias']>,
  groups: GoldenTally['groups'],
): Finding {
  const demanded = `at least ${figure(ratioAtLeast)}`;
  const unknown = (why: string, count: number): Finding => ({
    measure: { name: `ratio of favourable answers (${by})`, demanded, passed: false, count },
    words: `${why}: the ratio of favourable answers by ${by} is not known`,
  });
  const all = Object.entries(groups).map(([label, { n, favourable }]) => ({ label, n, share: favourable / n }));
  const speaking = all.filter(({ n }) => n >= minimumLines).sort((one, other) => one.share - other.share);
  const [least, most] = [speaking[0], speaking.at(-1)];
  if (least === undefined || most === undefined || least === most) {
    return unknown(`${many(speaking.length, 'group')} of ${all.length} with at least ${many(minimumLines, 'line')}, two are needed`, 0);
  }
  if (most.share === 0) return unknown('no answer is favourable', most.n);
  const ratio = least.share / most.share;
  const name = `ratio of favourable answers (${by} = ${least.label} over ${most.label})`;
  const passed = ratio >= ratioAtLeast - 1e-12;
  const silent = all.length - speaking.length;
  const aside = silent === 0 ? '' : ` (${many(silent, 'group')} of fewer than ${many(minimumLines, 'line')} left out)`;
  return {
    measure: { name, value: ratio, demanded, passed, count: least.n + most.n },
    words: `${name}: ${figure(least.share)} over ${figure(most.share)} is ${figure(ratio)}, ${demanded} demanded${aside}`,
  };
}
