import { layOut, type Layout } from '../../../../rehearsal/report/application/layout/layout';
import { wrapped } from '../../../../rehearsal/report/application/machine-layout';

const nodes = (...ids: string[]) => ids.map((id) => ({ id, width: 100, height: 40 }));
const edges = (...pairs: string[]) => pairs.map((pair) => ({ from: pair[0]!, to: pair[1]! }));
const box = ({ boxes }: Layout, id: string) => boxes.find((one) => one.id === id)!;
const route = ({ routes }: Layout, pair: string) => routes.find(({ edge }) => `${edge.from}${edge.to}` === pair)!;

const overlap = ({ boxes }: Layout): string[] =>
  boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (other) =>
          one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height,
      )
      .map((other) => `${one.id}${other.id}`),
  );

it('puts what follows below, in straight lines where nothing branches', () => {
  const placed = layOut(nodes('a', 'b', 'c'), edges('ab', 'bc'));
  expect(placed.boxes.map(({ x }) => x)).toEqual([0, 0, 0]);
  expect(placed.boxes.map(({ y }) => y)).toEqual([0, 80, 160]);
  expect(placed).toMatchObject({ width: 100, height: 200 });
  expect(route(placed, 'ab').points).toEqual([
    { x: 50, y: 40 },
    { x: 50, y: 80 },
  ]);
});

it('puts branches side by side, with what comes before and after in their middle', () => {
  const placed = layOut(nodes('a', 'b', 'c', 'd'), edges('ab', 'ac', 'bd', 'cd'));
  expect(box(placed, 'b').y).toBe(box(placed, 'c').y);
  expect(box(placed, 'c').x - box(placed, 'b').x).toBeGreaterThanOrEqual(100);
  expect(box(placed, 'a').x).toBe(box(placed, 'd').x);
  expect(overlap(placed)).toEqual([]);
});

it('leads a long edge past the boxes between', () => {
  const placed = layOut(nodes('a', 'b', 'c'), edges('ab', 'bc', 'ac'));
  const { points, upwards } = route(placed, 'ac');
  expect(upwards).toBe(false);
  expect(points).toHaveLength(4);
  const { x, width } = box(placed, 'b');
  expect(points[1]!.x < x || points[1]!.x > x + width).toBe(true);
  expect(points[1]!.x).toBe(points[2]!.x);
});

it('draws a loop against the flow, and leaves out an edge from a node to itself', () => {
  const placed = layOut(nodes('a', 'b', 'c'), edges('ab', 'bc', 'ca', 'bb'));
  expect(placed.boxes.map(({ id, y }) => [id, y])).toEqual([
    ['a', 0],
    ['b', 80],
    ['c', 160],
  ]);
  const back = route(placed, 'ca');
  expect(back.upwards).toBe(true);
  expect(back.points[0]!.y).toBeGreaterThan(back.points.at(-1)!.y);
  expect(placed.routes).toHaveLength(3);
});

it('orders a row so that edges do not cross where they need not', () => {
  const placed = layOut(nodes('a', 'b', 'c', 'd', 'e', 'f'), edges('ab', 'ac', 'bf', 'ce', 'ad', 'de'));
  expect(box(placed, 'b').x > box(placed, 'c').x).toBe(box(placed, 'f').x > box(placed, 'e').x);
  expect(overlap(placed)).toEqual([]);
});

it('lays the same graph out in the same way, and a graph of nothing', () => {
  const graph = () => layOut(nodes('a', 'b', 'c', 'd'), edges('ab', 'ac', 'ad', 'bd', 'cd'));
  expect(graph()).toEqual(graph());
  expect(layOut([], [])).toEqual({ width: 0, height: 0, boxes: [], routes: [] });
});

it('lays out a wide and deep machine without overlaps', () => {
  const ids = Array.from({ length: 60 }, (_, index) => `s${index}`);
  const links = ids.flatMap((from, index) =>
    [index * 2 + 1, index * 2 + 2, index + 7].filter((to) => to < 60).map((to) => ({ from, to: `s${to}` })),
  );
  expect(overlap(layOut(nodes(...ids), links))).toEqual([]);
});

it.each([
  ['Ship', ['Ship']],
  ['ReleaseBrokenNothingHeld', ['ReleaseBrokenNothing', 'Held']],
  ['Wait for the approver', ['Wait for the', 'approver']],
  ['x'.repeat(40), [`${'x'.repeat(19)}…`]],
  ['One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve', ['One Two Three Four', 'Five Six Seven Eight', 'Nine Ten Eleven…']],
])('breaks the name %s between its words', (name, lines) => {
  expect(wrapped(name)).toEqual(lines);
});
