import type { DrawnFlow, MachinePicture } from '../../application/pictures';

/** The same machine without the states and ways that no execution took. */
export function onlyEntered({ flow, counts, moves }: MachinePicture): DrawnFlow {
  const taken = new Set(moves.map(({ from, to }) => JSON.stringify([from, to])));
  const kept = ({ startAt, states }: DrawnFlow): DrawnFlow => ({
    startAt,
    states: states
      .filter(({ name }) => counts[name] !== undefined)
      .map((state) => ({
        ...state,
        arrows: state.arrows.filter(({ to }) => taken.has(JSON.stringify([state.name, to]))),
        inner: state.inner.filter((inner) => counts[inner.startAt] !== undefined).map(kept),
      })),
  });
  return kept(flow);
}
