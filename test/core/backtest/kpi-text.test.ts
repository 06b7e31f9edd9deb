import { parseKpi } from '../../../core/backtest';

test('name, type and direction are enough', () => {
  expect(parseKpi('converted:binary:higher')).toEqual({
    column: 'converted',
    windowFromHistory: true,
    policy: {
      name: 'converted',
      type: 'binary',
      better: 'higher',
      role: 'guard',
      unit: 'request',
      margin: 0.2,
      weight: 1,
      windowMinutes: 0,
      delayDependsOnArm: true,
    },
  });
});

test('everything else may be said', () => {
  const { column, windowFromHistory, policy } = parseKpi(
    'cost:mean:lower:column=usd:cap=20:mean=3:sd=4:unobserved=zero:window=6h:delay=same:margin=0.1:weight=2:must-improve=true',
  );
  expect({ column, windowFromHistory }).toEqual({ column: 'usd', windowFromHistory: false });
  expect(policy).toMatchObject({ cap: 20, typical: { mean: 3, standardDeviation: 4 }, unobserved: 'zero', windowMinutes: 360 });
  expect(policy).toMatchObject({ delayDependsOnArm: false, margin: 0.1, weight: 2, mustImprove: true, role: 'goal' });
  expect(parseKpi('slow:latency:lower:above=800').policy.aboveMillis).toBe(800);
  expect(parseKpi('calls:count:lower').policy.unobserved).toBe('zero');
});

test.each([
  ['', /"" is no KPI name/],
  ['converted', /type "" is not known\n {2}allowed: binary, mean, count, latency/],
  ['converted:binry:higher', /Did you mean "binary"\?/],
  ['converted:binary', /which direction is good\? ""/],
  ['converted:binary:heigher', /Did you mean "higher"\?/],
  ['converted:binary:higher:cap=3', /"cap" is no option of a binary KPI/],
  ['converted:binary:higher:margn=3', /Did you mean "margin="\?/],
  ['converted:binary:higher:margin', /margin=\n {2}allowed: a number above 0/],
  ['converted:binary:higher:margin=-1', /margin=-1/],
  ['converted:binary:higher:window=6x', /a duration such as 30m/],
  ['converted:binary:higher:column=', /the name of a column/],
  ['converted:binary:higher:delay=none', /same .* or differs/],
  ['converted:binary:higher:role=king', /goal or guard/],
  ['converted:binary:higher:must-improve=1', /true or false/],
  ['cost:mean:lower:mean=3', /both mean= and sd=/],
  ['cost:mean:lower:unobserved=no', /zero or left-out/],
])('%p is refused', (text, message) => {
  expect(() => parseKpi(text)).toThrow(message);
});
