import { cellOf } from '../../../../core/drift/count';
import { quantileEdges, weightedEdges } from '../../../../core/drift/fit/edges';

const plain = quantileEdges;

const countsOf = (edges: number[], values: number[]): number[] => {
  const cells = Array.from({ length: edges.length + 1 }, () => 0);
  for (const value of values) cells[cellOf(edges, value)]! += 1;
  return cells;
};

test('twenty cells with as many rows each', () => {
  const values = Array.from({ length: 1000 }, (_, index) => (index * 37) % 1000);
  const edges = plain(values);
  expect(edges).toEqual(Array.from({ length: 19 }, (_, index) => 50 * (index + 1)));
  expect(countsOf(edges, values)).toEqual(Array.from({ length: 20 }, () => 50));
});

test('a constant keeps a cell on each side of it', () => {
  for (const constant of [7, 0, -3.5, 1e300]) {
    const edges = plain(Array.from({ length: 100 }, () => constant));
    expect(edges).toHaveLength(2);
    expect([-Infinity, constant, Infinity].map((value) => cellOf(edges, value))).toEqual([0, 1, 2]);
    const step = Math.max(Math.abs(constant), 1) * 1e-12;
    expect([constant - step, constant + step].map((value) => cellOf(edges, value))).toEqual([0, 2]);
  }
});

test('a frequent value has a cell of its own, up to the next value', () => {
  const edges = plain([...Array.from({ length: 900 }, () => 0), ...Array.from({ length: 100 }, (_, index) => index + 1)]);
  expect(edges[0]).toBe(0);
  expect(edges[1]).toBe(1);
  expect([-1, 0, 0.5, 1].map((value) => cellOf(edges, value))).toEqual([0, 1, 1, 2]);
});

test('the most frequent value at the top is left upwards too', () => {
  const edges = plain([...Array.from({ length: 20 }, (_, index) => index / 100), ...Array.from({ length: 980 }, () => 5)]);
  expect(cellOf(edges, 6)).not.toBe(cellOf(edges, 5));
});

test('weights are rows', () => {
  const weighted = weightedEdges([
    { value: 3, weight: 6 },
    { value: 1, weight: 10 },
    { value: 2, weight: 4 },
  ]);
  const spread = plain([...Array.from({ length: 10 }, () => 1), 2, 2, 2, 2, 3, 3, 3, 3, 3, 3]);
  expect(weighted).toEqual(spread);
});

test('no rows have no edges; one row has two', () => {
  expect(plain([])).toEqual([]);
  expect(weightedEdges([])).toEqual([]);
  expect(plain([4])).toHaveLength(2);
});
