import type { Arrow, DrawnFlow, DrawnState, MachinePicture } from '../../application/pictures';
import { grouped } from './layout/grouped';
import { timesText } from '../figures';
import { layOut, type Point } from './layout/layout';

const LINE_LETTERS = 20;
const MOST_LINES = 3;
const LETTER_WIDTH = 8.1;
const LINE_HEIGHT = 17;
const PADDING = 10;
const FRAME = 12;
const DOT = 12;

export const START = '\u0000start';

export interface PlacedState {
  state: DrawnState;
  x: number;
  y: number;
  width: number;
  height: number;
  lines: string[];
  /** What it counted, below the name. */
  notes: string[];
  inner: PlacedFlow[];
}

export interface PlacedArrow {
  from: string;
  to: string;
  points: Point[];
  /** All of its reasons, such as several rules of one Choice. */
  arrows: Arrow[];
}

export interface PlacedFlow {
  x: number;
  y: number;
  width: number;
  height: number;
  states: PlacedState[];
  arrows: PlacedArrow[];
  dots: { id: string; x: number; y: number }[];
}

/** Every state of a machine with its place, branches and items inside of theirs. */
export const placeMachine = (picture: MachinePicture): PlacedFlow => placeFlow(picture.flow, picture, true);

function placeFlow(flow: DrawnFlow, picture: MachinePicture, withStart: boolean): PlacedFlow {
  const sized = new Map(flow.states.map((state) => [state.name, sizeState(state, picture)]));
  const arrows = withStart ? [startArrow(flow), ...arrowsOf(flow)] : arrowsOf(flow);
  const dot = (id: string) => ({ id, width: DOT, height: DOT });
  const nodes = [
    ...(withStart ? [dot(START)] : []),
    ...flow.states.map(({ name }) => ({ id: name, width: sized.get(name)!.width, height: sized.get(name)!.height })),
  ];
  const { width, height, boxes, routes } = layOut(nodes, arrows);
  return {
    x: 0,
    y: 0,
    width,
    height,
    states: boxes.flatMap(({ id, x, y }) => (sized.has(id) ? [{ ...sized.get(id)!, x, y }] : [])),
    dots: boxes.filter(({ id }) => !sized.has(id)).map(({ id, x, y }) => ({ id, x: x + DOT / 2, y: y + DOT / 2 })),
    arrows: routes.map(({ edge, points }) => ({
      from: edge.from,
      to: edge.to,
      points,
      arrows: arrows.find(({ from, to }) => from === edge.from && to === edge.to)?.arrows ?? [],
    })),
  };
}

interface Link {
  from: string;
  to: string;
  arrows: Arrow[];
}

/** One link for all that leads from one state to another. */
const arrowsOf = ({ states }: DrawnFlow): Link[] =>
  states.flatMap(({ name, arrows }) => [...grouped(arrows, ({ to }) => to)].map(([to, group]) => ({ from: name, to, arrows: group })));

const startArrow = ({ startAt }: DrawnFlow): Link => ({ from: START, to: startAt, arrows: [{ to: startAt, kind: 'next' }] });

function sizeState(state: DrawnState, picture: MachinePicture): PlacedState {
  const lines = wrapped(state.name);
  const notes = notesOf(state, picture);
  const letters = Math.max(...lines.map(({ length }) => length), ...notes.map(({ length }) => length * 0.82));
  const header = lines.length * LINE_HEIGHT + notes.length * LINE_HEIGHT + 2 * PADDING - 4;
  const base = { state, x: 0, y: 0, lines, notes, width: Math.max(92, Math.ceil(letters * LETTER_WIDTH) + 2 * PADDING), height: header };
  if (state.inner.length === 0) return { ...base, inner: [] };
  let x = FRAME;
  const inner = state.inner.map((flow) => {
    const placed = { ...placeFlow(flow, picture, false), x, y: header + 4 };
    x += placed.width + FRAME;
    return placed;
  });
  const shift = Math.max(0, (base.width - x) / 2);
  return {
    ...base,
    width: Math.max(base.width, x),
    height: header + 4 + Math.max(...inner.map(({ height }) => height)) + FRAME,
    inner: inner.map((flow) => ({ ...flow, x: flow.x + shift })),
  };
}

/** `Task · 4 times`, and below what failed. */
function notesOf({ name, type }: DrawnState, { counts }: MachinePicture): string[] {
  const { entered = 0, failed = 0, retried = 0 } = counts[name] ?? {};
  const often = entered === 0 ? 'never' : timesText(entered);
  const troubles = [...(failed === 0 || type === 'Fail' ? [] : [`${failed} failed`]), ...(retried === 0 ? [] : [`${retried} tried again`])];
  return [`${type} · ${often}`, ...(troubles.length === 0 ? [] : [troubles.join(', ')])];
}

/** A name in lines, broken between words, also between those of CamelCase. */
export function wrapped(name: string): string[] {
  const words = name.match(/[A-Z]?[^A-Z\s_-]+[\s_-]*|[A-Z]+[\s_-]*|[\s_-]+/g) ?? [name];
  const lines: string[] = [''];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line !== '' && (line + word.trimEnd()).length > LINE_LETTERS) lines.push(word);
    else lines[lines.length - 1] = line + word;
  }
  const cut = lines.map((line) => (line.trim().length > LINE_LETTERS ? `${line.slice(0, LINE_LETTERS - 1)}…` : line.trim()));
  return cut.length <= MOST_LINES ? cut : [...cut.slice(0, MOST_LINES - 1), `${cut[MOST_LINES - 1]!.slice(0, LINE_LETTERS - 1)}…`];
}
