import type { MachinePicture } from '../../application/pictures';
import { escapeHtml } from '../escape';
import { countText, timesText } from '../figures';
import type { Point } from './layout/layout';
import { placeMachine, START, type PlacedArrow, type PlacedFlow, type PlacedState } from './machine-layout';

const MARGIN = 14;
const LINE_HEIGHT = 17;
const FIRST_LINE = 22;
const LEAST_HEAT = 10;
const MOST_HEAT = 42;

/** The state machine as a picture: boxes filled by how often they were entered, arrows by how often they were taken. */
export function machineSvg(picture: MachinePicture, id: string): { svg: string; width: number } {
  const placed = placeMachine(picture);
  const [width, height] = [placed.width + 2 * MARGIN, placed.height + 2 * MARGIN].map(Math.ceil) as [number, number];
  const marker = (kind: string): string =>
    `<marker id="${id}-${kind}" class="${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z"/></marker>`;
  const svg = `<svg class="machine" role="img" aria-labelledby="${id}-title ${id}-text" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" style="--width:${width}px">
<title id="${id}-title">State machine ${escapeHtml(picture.stateMachine)}</title>
<desc id="${id}-text">${escapeHtml(inWords(picture))}</desc>
<defs>${['taken', 'open', 'failing'].map(marker).join('')}</defs>
${drawFlow(placed, picture, id)}
</svg>`;
  return { svg, width };
}

function inWords({ executions, flow, counts }: MachinePicture): string {
  const states = flow.states.length;
  const failed = Object.entries(counts).filter(([, count]) => count.failed > 0);
  const trouble =
    failed.length === 0 ? 'No state failed.' : `Failed: ${failed.map(([name, count]) => `${name} ${timesText(count.failed)}`).join(', ')}.`;
  return `${states} states, ${executions} executions. ${trouble} The table below says the same as the picture.`;
}

function drawFlow(flow: PlacedFlow, picture: MachinePicture, id: string): string {
  return [
    ...flow.arrows.map((arrow) => drawArrow(arrow, flow, picture, id)),
    ...flow.dots.map(({ x, y }) => `<circle class="dot" cx="${x}" cy="${y}" r="5"><title>start</title></circle>`),
    ...flow.states.map((state) => drawState(state, picture, id)),
  ].join('\n');
}

function drawState(placed: PlacedState, picture: MachinePicture, id: string): string {
  const { state, x, y, width, height, lines, notes, inner } = placed;
  const count = picture.counts[state.name];
  const most = Math.max(1, ...Object.values(picture.counts).map(({ entered }) => entered));
  const heat = count === undefined ? 0 : LEAST_HEAT + ((MOST_HEAT - LEAST_HEAT) * Math.log1p(count.entered)) / Math.log1p(most);
  const kinds = [count === undefined ? 'never' : '', (count?.failed ?? 0) > 0 ? 'broken' : '', inner.length > 0 ? 'holder' : ''];
  const line = (text: string, index: number, kind: string): string =>
    `<text class="${kind}" x="${width / 2}" y="${FIRST_LINE + index * LINE_HEIGHT}">${escapeHtml(text)}</text>`;
  const troubled = (index: number): string => (index === 0 ? 'note' : 'note trouble');
  return `<g class="state ${kinds.filter(Boolean).join(' ')}" transform="translate(${round(x)} ${round(y)})" style="--heat:${heat.toFixed(0)}%">
<title>${escapeHtml(`${state.name}: ${notes.join(', ')}`)}</title>
<rect width="${round(width)}" height="${round(height)}" rx="7"/>
${lines.map((text, index) => line(text, index, 'name')).join('')}${notes.map((text, index) => line(text, lines.length + index, troubled(index))).join('')}
${state.ends ? `<circle class="dot" cx="${round(width / 2)}" cy="${round(height)}" r="4"/>` : ''}${selfLoop(placed, picture, id)}${inner.map((flow) => `<g transform="translate(${round(flow.x)} ${round(flow.y)})">${drawFlow(flow, picture, id)}</g>`).join('\n')}
</g>`;
}

function drawArrow({ from, to, points, arrows }: PlacedArrow, flow: PlacedFlow, picture: MachinePicture, id: string): string {
  const taken = timesTaken(from, to, picture);
  const caught = arrows.length > 0 && arrows.every(({ kind }) => kind === 'catch');
  const [start, next] = [points[0]!, points[1]!];
  const several = flow.arrows.filter((other) => other.from === from).length > 1;
  const label =
    several && taken > 0
      ? `<text class="count" x="${round((start.x + next.x) / 2)}" y="${round((start.y + next.y) / 2 + 4)}">${countText(taken)}×</text>`
      : '';
  return `<g class="arrow ${arrowKind(taken, caught)}${caught ? ' catch' : ''}"><title>${escapeHtml(
    arrowText(
      from,
      to,
      taken,
      arrows.map(({ words }) => words),
    ),
  )}</title>
<path d="${pathThrough(points)}" marker-end="url(#${id}-${arrowKind(taken, caught)})"/>${label}</g>`;
}

const arrowKind = (taken: number, caught: boolean): 'taken' | 'open' | 'failing' => (taken === 0 ? 'open' : caught ? 'failing' : 'taken');

function arrowText(from: string, to: string, taken: number, words: (string | undefined)[]): string {
  const errors = words.filter((text) => text !== undefined).join('; ');
  const way = `${from === START ? 'start' : from} → ${to}`;
  return `${way}${errors === '' ? '' : `, catches ${errors}`}: ${taken === 0 ? 'never taken' : timesText(taken)}`;
}

const timesTaken = (from: string, to: string, { executions, moves }: MachinePicture): number =>
  from === START ? executions : moves.filter((move) => move.from === from && move.to === to).reduce((sum, { count }) => sum + count, 0);

/** A state that names itself as the next one: beside its box. */
function selfLoop({ state, width, height }: PlacedState, picture: MachinePicture, id: string): string {
  const own = state.arrows.filter(({ to }) => to === state.name);
  if (own.length === 0) return '';
  const kind = arrowKind(
    timesTaken(state.name, state.name, picture),
    own.every(({ kind }) => kind === 'catch'),
  );
  return `<g class="arrow ${kind}"><title>${escapeHtml(state.name)} follows itself</title>
<path d="M${round(width)} ${round(height / 2 - 9)}c14 0 14 18 1 18" marker-end="url(#${id}-${kind})"/></g>`;
}

/** Straight where it can be, else in curves that leave and arrive upright. */
function pathThrough(points: readonly Point[]): string {
  const [first, ...others] = points;
  let at = first!;
  let path = `M${round(at.x)} ${round(at.y)}`;
  for (const to of others) {
    const middle = round((at.y + to.y) / 2);
    path +=
      at.x === to.x ? `L${round(to.x)} ${round(to.y)}` : `C${round(at.x)} ${middle} ${round(to.x)} ${middle} ${round(to.x)} ${round(to.y)}`;
    at = to;
  }
  return path;
}

const round = (value: number): number => Math.round(value * 10) / 10;
