import { flow, guide, pass, spec, task, type AslCase } from './types';

const TOP = spec('Top-level fields', 'toplevelfields');
const STATES = spec('States', 'states-fields');
const TRANSITIONS = spec('Transitions', 'transition');
const RETRY = spec('Retrying after error', 'retrying-after-error');
const GUIDE = guide('Retrying after an error', 'concepts-error-handling.html#error-handling-retrying-after-an-error');
const FALLBACK = spec('Fallback states', 'fallback-states');
const FIELDS = spec('Table of State Types and Fields (JSONata)', 'state-type-table-jsonata');
const LANGUAGE = spec('Query Languages', 'query-language');
const RESERVED = guide(
  'Passing data between states with variables, Reserved variable: $states',
  'workflow-variables.html#reserved-variable-states',
);
const retrying = (...Retry: unknown[]) => ({ T: task('F', { Retry }) });
const catching = (...Catch: unknown[]) => ({ T: task('F', { Catch }), C: pass() });

/** Each is refused when the definition is loaded, with the words that tell what is wrong. */
const refused = (
  name: string,
  cites: AslCase['cites'],
  states: AslCase['states'],
  words: RegExp,
  machine?: AslCase['machine'],
): AslCase => ({
  name,
  cites,
  ...(states === undefined ? {} : { states }),
  ...(machine === undefined ? {} : { machine }),
  expect: { refused: words },
});

export const refusalCases: AslCase[] = [
  refused('a machine without States', [TOP], undefined, /States/, { StartAt: 'A' }),
  refused('a machine without StartAt', [TOP], { A: pass() }, /StartAt/, { StartAt: undefined }),
  refused('StartAt that names no state', [TOP], { A: pass() }, /Elsewhere/, { StartAt: 'Elsewhere' }),
  refused('StartAt in another case', [TOP], { Alpha: pass() }, /alpha/, { StartAt: 'alpha' }),
  refused('a state without Type', [STATES], { A: { End: true } }, /type/i),
  refused('a state of an unknown Type', [STATES], { A: { Type: 'Jump', End: true } }, /Jump/),
  refused(
    'a state’s name that another branch uses',
    [STATES],
    { P: { Type: 'Parallel', Branches: [flow({ Same: pass() }), flow({ Same: pass() })], End: true } },
    /DUPLICATE_STATE_NAME: Duplicate State name: Same/,
  ),
  refused(
    'a state’s name that a state around it has',
    [STATES],
    { M: { Type: 'Map', Items: [1], ItemProcessor: flow({ M: pass() }), End: true } },
    /DUPLICATE_STATE_NAME: Duplicate State name: M/,
  ),
  refused('a state that neither ends nor goes on', [TRANSITIONS], { A: { Type: 'Pass' } }, /A needs either Next or "End": true/),
  refused(
    'a state that both ends and goes on',
    [STATES, FIELDS],
    { A: { Type: 'Pass', End: true, Next: 'B' }, B: pass() },
    /States\/A needs either Next or "End": true/,
  ),
  refused('Next that names no state', [TRANSITIONS], { A: pass({ Next: 'Elsewhere' }) }, /Elsewhere/),
  refused('a field that no state has', [FIELDS], { A: pass({ Colour: 'red' }) }, /Colour/),
  refused('Arguments of a Pass', [FIELDS], { A: pass({ Arguments: {} }) }, /Arguments/),
  refused(
    'Arguments of a Map',
    [FIELDS],
    { M: { Type: 'Map', Items: [], Arguments: {}, ItemProcessor: flow({ I: pass() }), End: true } },
    /Arguments/,
  ),
  refused('Retry of a Pass', [FIELDS], { A: pass({ Retry: [{ ErrorEquals: ['States.ALL'] }] }) }, /Retry/),
  refused(
    'Catch of a Wait',
    [FIELDS],
    { W: { Type: 'Wait', Seconds: 1, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'W' }], End: true } },
    /Catch/,
  ),
  refused('InputPath in a JSONata state', [LANGUAGE, FIELDS], { A: pass({ InputPath: '$.a' }) }, /InputPath/),
  refused('OutputPath in a JSONata state', [LANGUAGE, FIELDS], { A: pass({ OutputPath: '$.a' }) }, /OutputPath/),
  refused('ResultPath in a JSONata state', [LANGUAGE, FIELDS], { T: task('F', { ResultPath: '$.a' }) }, /ResultPath/),
  refused('Parameters in a JSONata state', [LANGUAGE, FIELDS], { T: task('F', { Parameters: { 'a.$': '$.a' } }) }, /Parameters/),
  refused('ResultSelector in a JSONata state', [LANGUAGE, FIELDS], { T: task('F', { ResultSelector: {} }) }, /ResultSelector/),
  refused('Result of a JSONata Pass', [LANGUAGE, FIELDS], { A: pass({ Result: 1 }) }, /Result/),
  refused('SecondsPath of a JSONata Wait', [LANGUAGE], { W: { Type: 'Wait', SecondsPath: '$.s', End: true } }, /SecondsPath/),
  refused(
    'a comparison of JSONPath in a JSONata rule',
    [LANGUAGE],
    { C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'D' }] }, D: pass() },
    /Variable/,
  ),
  refused('a Retry that names no errors', [RETRY], retrying({ ErrorEquals: [] }), /ErrorEquals/),
  refused('a Retry without ErrorEquals', [RETRY], retrying({ MaxAttempts: 1 }), /ErrorEquals/),
  refused('a BackoffRate below one', [RETRY], retrying({ ErrorEquals: ['A'], BackoffRate: 0.9 }), /BackoffRate/),
  refused('an IntervalSeconds of zero', [RETRY], retrying({ ErrorEquals: ['A'], IntervalSeconds: 0 }), /IntervalSeconds/),
  refused('a fractional IntervalSeconds', [RETRY], retrying({ ErrorEquals: ['A'], IntervalSeconds: 1.5 }), /IntervalSeconds/),
  refused('a negative MaxAttempts', [RETRY], retrying({ ErrorEquals: ['A'], MaxAttempts: -1 }), /MaxAttempts/),
  refused('a MaxDelaySeconds of zero', [RETRY], retrying({ ErrorEquals: ['A'], MaxDelaySeconds: 0 }), /MaxDelaySeconds/),
  refused('States.ALL beside another error in a Retry', [RETRY], retrying({ ErrorEquals: ['A', 'States.ALL'] }), /States\.ALL/),
  refused('States.ALL before another retrier', [RETRY], retrying({ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }), /States\.ALL/),
  refused('a Catch that names no errors', [FALLBACK], catching({ ErrorEquals: [], Next: 'C' }), /ErrorEquals/),
  refused('a Catch without Next', [FALLBACK], catching({ ErrorEquals: ['A'] }), /Catch\[0\]/),
  refused(
    'States.ALL beside another error in a Catch',
    [FALLBACK],
    catching({ ErrorEquals: ['A', 'States.ALL'], Next: 'C' }),
    /States\.ALL/,
  ),
  refused(
    'States.ALL before another catcher',
    [FALLBACK],
    catching({ ErrorEquals: ['States.ALL'], Next: 'C' }, { ErrorEquals: ['A'], Next: 'C' }),
    /States\.ALL/,
  ),
  refused(
    'ResultPath in a JSONata catcher',
    [spec('JSONata Catchers', 'jsonata-catchers')],
    catching({ ErrorEquals: ['A'], ResultPath: '$.e', Next: 'C' }),
    /ResultPath/,
  ),
  refused('$states.result in a Pass', [RESERVED], { A: pass({ Output: '{% $states.result %}' }) }, /\$states\.result.*\/States\/A\/Output/),
  refused(
    '$states.result in Arguments',
    [RESERVED],
    { T: task('F', { Arguments: { a: '{% $states.result %}' } }) },
    /\$states\.result.*\/States\/T\/Arguments/,
  ),
  refused(
    '$states.result in a Catch',
    [RESERVED],
    catching({ ErrorEquals: ['A'], Output: '{% $states.result %}', Next: 'C' }),
    /\$states\.result.*Catch/,
  ),
  refused(
    '$states.errorOutput outside a Catch',
    [RESERVED],
    { T: task('F', { Output: '{% $states.errorOutput %}' }) },
    /\$states\.errorOutput.*\/States\/T\/Output/,
  ),
  refused(
    'an IntervalSeconds above the longest',
    [GUIDE],
    retrying({ ErrorEquals: ['A'], IntervalSeconds: 100_000_000 }),
    /IntervalSeconds/,
  ),
  refused('a MaxAttempts above the most', [GUIDE], retrying({ ErrorEquals: ['A'], MaxAttempts: 100_000_000 }), /MaxAttempts/),
  refused('a MaxDelaySeconds above the longest', [GUIDE], retrying({ ErrorEquals: ['A'], MaxDelaySeconds: 31_622_401 }), /MaxDelaySeconds/),
  refused('a JitterStrategy of another name', [GUIDE], retrying({ ErrorEquals: ['A'], JitterStrategy: 'SOME' }), /JitterStrategy/),
];
