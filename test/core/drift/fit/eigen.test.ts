import { eigenOf } from '../../../../core/drift/fit/eigen';
import { fitJoint } from '../../../../core/drift/fit/joint';
import { Draws } from '../../../support/drift';

const MATRIX = [
  [4, 1, 0.5, 0],
  [1, 3, 0.25, 0.2],
  [0.5, 0.25, 2, -0.3],
  [0, 0.2, -0.3, 1],
];

test('values and vectors are those of numpy', () => {
  const components = eigenOf(MATRIX);
  // numpy.linalg.eigh, largest first, signs turned.
  expect(components.map(({ value }) => value)).toEqual(
    [4.732046519329396, 2.4187217139588206, 1.9647363232148547, 0.8844954434969284].map((value) => expect.closeTo(value, 10)),
  );
  expect(components[0]!.vector).toEqual(
    [0.8354501352234182, 0.5123297802764304, 0.19851716657429028, 0.011497929047977024].map((value) => expect.closeTo(value, 8)),
  );
  expect(components[3]!.vector).toEqual(
    [-0.007295290822437037, -0.12021162922172426, 0.2858802820400838, 0.9506673483781574].map((value) => expect.closeTo(value, 8)),
  );
});

test('vectors of a larger matrix are orthonormal and give the matrix back', () => {
  const draws = new Draws('matrix');
  const size = 25;
  const half = Array.from({ length: size }, () => Array.from({ length: size }, () => draws.normal()));
  const matrix = half.map((row, i) => row.map((value, j) => value + half[j]![i]!));
  const components = eigenOf(matrix);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const back = components.reduce((sum, { value, vector }) => sum + value * vector[i]! * vector[j]!, 0);
      expect(back).toBeCloseTo(matrix[i]![j]!, 8);
      const product = components[i]!.vector.reduce((sum, value, at) => sum + value * components[j]!.vector[at]!, 0);
      expect(product).toBeCloseTo(i === j ? 1 : 0, 8);
    }
  }
});

test('a matrix that is diagonal already, and one of zeros', () => {
  expect(
    eigenOf([
      [1, 0],
      [0, 2],
    ]),
  ).toEqual([
    { value: 2, vector: [0, 1] },
    { value: 1, vector: [1, 0] },
  ]);
  expect(
    eigenOf([
      [0, 0],
      [0, 0],
    ]).map(({ value }) => value),
  ).toEqual([0, 0]);
});

const draws = new Draws('columns');
const a = Array.from({ length: 500 }, () => draws.normal());
const column = (name: string, values: (number | undefined)[]) => ({ name, values });

test('components explain 65 % of the variance, and leave at least one out', () => {
  const joint = fitJoint([
    column('a', a),
    column(
      'b',
      a.map((value) => 2 * value + 0.1 * draws.normal()),
    ),
    column(
      'c',
      a.map(() => draws.normal()),
    ),
  ])!;
  expect(joint.features).toEqual(['a', 'b', 'c']);
  expect(joint.loadings).toHaveLength(1);
  const twins = fitJoint([
    column('a', a),
    column(
      'b',
      a.map(() => draws.normal()),
    ),
  ])!;
  expect(twins.loadings).toHaveLength(1);
});

test('features that do not vary are left out, and fewer than two have no components', () => {
  const joint = fitJoint([
    column('a', a),
    column(
      'constant',
      a.map(() => 3),
    ),
    column(
      'b',
      a.map(() => draws.normal()),
    ),
    column(
      'none',
      a.map(() => undefined),
    ),
  ])!;
  expect(joint.features).toEqual(['a', 'b']);
  expect(
    fitJoint([
      column('a', a),
      column(
        'constant',
        a.map(() => 3),
      ),
    ]),
  ).toBeUndefined();
  expect(fitJoint([column('a', a.slice(0, 9)), column('b', a.slice(9, 18))])).toBeUndefined();
});

test('missing values count as the mean', () => {
  const joint = fitJoint([column('a', [...a, undefined]), column('b', [...a.map(() => draws.normal()), 1])])!;
  expect(joint.means[0]).toBeCloseTo(a.reduce((sum, value) => sum + value, 0) / a.length, 12);
});
