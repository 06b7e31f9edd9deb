import { nodeProblem } from '../../bin/node-version';

test.each(['22.0.0', '24.21.0', '100.1.0'])('Node %s will do', (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

test.each(['21.7.3', '18.20.0', '8.0.0'])('Node %s is too old, and it says what to do', (version) => {
  expect(nodeProblem(version)).toMatch(new RegExp(`needs Node 22 or newer; this is Node ${version}\\. Install`));
});
