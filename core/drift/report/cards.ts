import type { FeatureComparison } from '../judge/types';
import { chanceText, countText, distanceText, nameText, percentText } from './figures';
import type { FeatureStory, FoundIn, Seen } from './order';
import { hasValues, pictureOf, sideShares } from './shares';

const SENTENCES = 4;

/** One feature: what happened in words, both distributions, every window in small, and what has no place in a picture. */
export function cardOf(story: FeatureStory): string {
  const fired = story.findings.length > 0;
  return `<article class="card${fired ? ' moved' : ''}">
<h3>${nameText(story.name)} ${pillOf(story)}</h3>
${wordsOf(story)}
${largePicture(story)}
${sides(story.strongest.feature)}
${smallMultiples(story)}
</article>`;
}

/** Where the data itself is wrong it says so, not that it drifts. */
function pillOf({ findings, seen }: FeatureStory): string {
  if (findings.length > 0) {
    const drifts = findings.some(
      ({ finding: { check } }) => check === 'distribution' || check === 'unseen' || check === 'group' || check === 'quality',
    );
    return `<span class="pill broken">${drifts ? 'drifts' : 'broken'}</span>`;
  }
  if (!seen.some(({ feature }) => feature.compared)) return '<span class="pill">not compared</span>';
  return '<span class="pill held">as before</span>';
}

function wordsOf({ findings, seen, strongest }: FeatureStory): string {
  if (findings.length === 0) return `<p class="reason">${figuresOf(strongest)}</p>`;
  return `<ul class="words">${sentencesOf(findings, seen.length > 1)
    .map((words) => `<li>${nameText(words, 600)}</li>`)
    .join('')}</ul>`;
}

function sentencesOf(findings: FoundIn[], several: boolean): string[] {
  const words = findings.map(({ window, finding }) => (several ? `${window}: ${finding.words}` : finding.words));
  return words.length <= SENTENCES
    ? words
    : [...words.slice(0, SENTENCES - 1), `and ${words.length - SENTENCES + 1} more, in the table below`];
}

function figuresOf({ feature, window }: Seen): string {
  if (!feature.compared) return `One side has no usable value: nothing to compare; ${nameText(window.name)}.`;
  return `Distance ${distanceText(feature.distance)}, large from ${distanceText(feature.limit)}; ${chanceText(feature.log10P)}; ${nameText(window.name)}.`;
}

function largePicture({ name, strongest: { feature, window } }: FeatureStory): string {
  const picture = hasValues(feature)
    ? pictureOf(feature, 'large', `${name}: baseline beside ${window.name}`)
    : '<p class="nothing">No row has a value.</p>';
  return `<figure>${picture}<figcaption><span class="key before"></span>baseline, ${countText(feature.baselineRows)} rows <span class="key after"></span>${nameText(window.name)}, ${countText(feature.windowRows)} rows</figcaption></figure>`;
}

/** Missing, another type, never seen, out of range: a pair of bars each, both out of all rows. */
function sides(feature: FeatureComparison): string {
  const shares = sideShares(feature);
  if (shares.length === 0) return '';
  const bar = (kind: string, share: number): string =>
    `<svg class="side" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="${kind} solid" width="${(share * 100).toFixed(2)}" height="8"/></svg>`;
  const rows = shares.map(
    ({ name, before, after }) =>
      `<tr><th scope="row">${name}</th><td>${bar('before', before)}${bar('after', after)}</td><td class="number">${percentText(before)} → ${percentText(after)}</td></tr>`,
  );
  return `<table class="sides"><tbody>${rows.join('')}</tbody></table>`;
}

function smallMultiples({ name, seen }: FeatureStory): string {
  if (seen.length < 2) return '';
  const panels = seen.map(({ feature, window }) => {
    const drawn = hasValues(feature) ? pictureOf(feature, 'small', `${name}: ${window.name}`) : '<svg viewBox="0 0 180 64"></svg>';
    const moved = feature.checks.length > 0 ? ' moved' : '';
    const distance = feature.compared ? distanceText(feature.distance) : '–';
    return `<figure class="small${moved}">${drawn}<figcaption>${nameText(window.name, 40)}<b>${distance}</b></figcaption></figure>`;
  });
  return `<div class="multiples">${panels.join('')}</div>`;
}
