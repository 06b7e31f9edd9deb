import type { Members } from '../../../../rehearsal/cloud/types';
import { flow, guide, jsonPath, pass, spec, task, type AslCase, type Citation } from './types';

const FIELDS = spec('States', 'states-fields');
const LANGUAGE = spec('Query Languages', 'query-language');
const CHOICE = spec('Choice State', 'choice-state');
const PATHS = guide('Paths in Amazon States Language workflows', 'amazon-states-language-paths.html');
const TEMPLATE = guide('Manipulate parameters with InputPath and Parameters', 'input-output-inputpath-params.html');
const INTRINSICS = guide('Intrinsic functions for JSONPath states', 'intrinsic-functions.html');
const WAIT = spec('Wait State', 'wait-state');

const refused = (name: string, cites: Citation[], states: Members, words: RegExp): AslCase => ({
  name,
  cites,
  states,
  expect: { refused: words },
});
const ofPass = (name: string, cites: Citation[], fields: Members, words: RegExp): AslCase =>
  refused(name, cites, { A: pass(fields) }, words);
const ofRule = (name: string, rule: Members, words: RegExp): AslCase =>
  refused(name, [CHOICE], { C: { Type: 'Choice', Choices: [rule], Default: 'D' }, D: pass() }, words);
const ofCall = (name: string, call: unknown): AslCase => ofPass(name, [INTRINSICS], { Parameters: { 'v.$': call } }, /A.*v\.\$|v\.\$.*A/s);

const paths: AslCase[] = [
  ofPass('an InputPath that is no path', [PATHS], { InputPath: 'dataset' }, /InputPath/),
  ofPass('an InputPath that does not parse', [PATHS], { InputPath: '$.a[' }, /InputPath/),
  ofPass('a number as OutputPath', [PATHS], { OutputPath: 5 }, /OutputPath/),
  ofPass('a wildcard in ResultPath, which is a reference path', [PATHS], { ResultPath: '$.a[*]' }, /ResultPath/),
  ofPass('a deep scan in ResultPath', [PATHS], { ResultPath: '$..a' }, /ResultPath/),
  ofPass('a filter in ResultPath', [PATHS], { ResultPath: '$.a[?(@.b)]' }, /ResultPath/),
  ofPass('the context object in ResultPath', [PATHS], { ResultPath: '$$.Execution' }, /ResultPath/),
  ofPass('a plain text under a key with .$', [TEMPLATE], { Parameters: { 'v.$': 'plain' } }, /v\.\$/),
  ofPass('a number under a key with .$', [TEMPLATE], { Parameters: { a: [{ 'v.$': 5 }] } }, /v\.\$/),
  ofCall('an unknown intrinsic function', 'States.Frobnicate($.a)'),
  ofCall('an intrinsic function with too few arguments', 'States.ArrayGetItem($.a)'),
  ofCall('an intrinsic function that is not closed', "States.Format('{}', $.a"),
  ofCall('an intrinsic function with an open text', "States.Format('{}, $.a)"),
];

const fields: AslCase[] = [
  ofPass('an unknown field', [FIELDS], { Colour: 'red' }, /Colour/),
  ofPass('Arguments, a field of JSONata', [LANGUAGE], { Arguments: {} }, /Arguments/),
  ofPass('Output, a field of JSONata', [LANGUAGE], { Output: {} }, /Output/),
  ofPass('ResultSelector of a Pass', [FIELDS], { ResultSelector: {} }, /ResultSelector/),
  refused(
    'Items, a field of JSONata',
    [LANGUAGE],
    { M: { Type: 'Map', Items: [], ItemProcessor: flow({ I: pass() }), End: true } },
    /Items/,
  ),
  refused('ResultPath of a Wait', [FIELDS], { W: { Type: 'Wait', Seconds: 1, ResultPath: '$.a', End: true } }, /ResultPath/),
  refused('InputPath of a Fail', [FIELDS], { F: { Type: 'Fail', InputPath: '$.a' } }, /InputPath/),
  refused('a Wait with two ways to wait', [WAIT], { W: { Type: 'Wait', Seconds: 1, SecondsPath: '$.a', End: true } }, /Seconds/),
  refused('a Wait with none', [WAIT], { W: { Type: 'Wait', End: true } }, /Seconds/),
  refused('Error beside ErrorPath', [spec('Fail State', 'fail-state')], { F: { Type: 'Fail', Error: 'E', ErrorPath: '$.e' } }, /Error/),
  refused(
    'TimeoutSeconds beside TimeoutSecondsPath',
    [spec('Timeouts', 'timeouts')],
    { T: task('f', { TimeoutSeconds: 1, TimeoutSecondsPath: '$.t' }) },
    /TimeoutSeconds/,
  ),
  refused(
    'ItemProcessor beside Iterator',
    [spec('Map State', 'map-state')],
    { M: { Type: 'Map', ItemProcessor: flow({ I: pass() }), Iterator: flow({ J: pass() }), End: true } },
    /Iterator/,
  ),
  refused(
    'MaxConcurrency beside MaxConcurrencyPath',
    [spec('Map State concurrency', 'map-state-concurrency')],
    { M: { Type: 'Map', MaxConcurrency: 1, MaxConcurrencyPath: '$.m', ItemProcessor: flow({ I: pass() }), End: true } },
    /MaxConcurrency/,
  ),
  refused(
    'ItemSelector beside Parameters',
    [guide('ItemSelector (Map)', 'input-output-itemselector.html')],
    { M: { Type: 'Map', ItemSelector: {}, Parameters: {}, ItemProcessor: flow({ I: pass() }), End: true } },
    /ItemSelector|Parameters/,
  ),
];

const rules: AslCase[] = [
  ofRule(
    'a rule with two comparators',
    { Variable: '$.a', NumericEquals: 1, StringEquals: '1', Next: 'D' },
    /NumericEquals|StringEquals|one/,
  ),
  ofRule('a rule with none', { Variable: '$.a', Next: 'D' }, /C/),
  ofRule('an unknown comparator', { Variable: '$.a', NumericIsh: 1, Next: 'D' }, /NumericIsh/),
  ofRule('a comparator with a value of another type', { Variable: '$.a', NumericEquals: '1', Next: 'D' }, /NumericEquals/),
  ofRule('a timestamp that is none', { Variable: '$.a', TimestampEquals: 'noon', Next: 'D' }, /TimestampEquals/),
  ofRule('a rule without Variable', { NumericEquals: 1, Next: 'D' }, /Variable/),
  ofRule('a rule without Next', { Variable: '$.a', NumericEquals: 1 }, /Next/),
  ofRule('an empty And', { And: [], Next: 'D' }, /And/),
  ofRule('Next inside an And', { And: [{ Variable: '$.a', IsNull: true, Next: 'D' }], Next: 'D' }, /Next/),
  ofRule('a Condition of JSONata', { Condition: '{% true %}', Next: 'D' }, /Condition/),
  ofRule('a comparator’s path that is no path', { Variable: '$.a', NumericEqualsPath: 'b', Next: 'D' }, /NumericEqualsPath/),
  refused('no rules', [CHOICE], { C: { Type: 'Choice', Choices: [], Default: 'D' }, D: pass() }, /Choices/),
];

export const jsonPathRefusalCases: AslCase[] = [...paths, ...fields, ...rules].map(jsonPath);
