import { refuseTemplate, renderTemplate, TemplateError } from '../../../../rehearsal/services/apigateway/velocity';
import type { TemplateScope } from '../../../../rehearsal/services/apigateway/velocity';

const scope = (more: Partial<TemplateScope> = {}): TemplateScope => ({
  body: JSON.stringify({ name: 'Ann "A" O\'Neill', tags: ['x', 'y'], address: { city: 'Köln', zip: 5 }, none: null, total: 900 }),
  parameters: { path: { id: '7' }, querystring: { mode: 'fast', id: 'query' }, header: { 'X-Who': 'ann' } },
  context: { requestId: 'r-1', identity: { sourceIp: '192.0.2.10' }, authorizer: { principalId: 'ann' }, responseOverride: { header: {} } },
  stageVariables: { color: 'red' },
  ...more,
});
const render = (template: string, more: Partial<TemplateScope> = {}): string => renderTemplate(template, scope(more));

it.each([
  ['a fixed text', '{"a":1}', '{"a":1}'],
  ['the whole body', '$input.body', scope().body],
  ['a path', "$input.path('$.address.city')", 'Köln'],
  ['a path into what a path gave', "#set($root = $input.path('$'))$root.address.zip $root.tags[1]", '5 y'],
  ['a path as JSON', "$input.json('$.tags')", '["x","y"]'],
  ['an object as JSON', "$input.json('$.address')", '{"city":"Köln","zip":5}'],
  ['an object as Java writes it', "$input.path('$.address')", '{city=Köln, zip=5}'],
  ['nothing', "<$input.path('$.missing')$input.json('$.missing')$input.path('$.none')$input.params('missing')>", '<>'],
  ['parameters, the path’s first', "$input.params('id') $input.params('mode') $input.params('X-Who')", '7 fast ann'],
  ['parameters by place', "$input.params().querystring.get('id') $input.params().header.X-Who", 'query ann'],
  ['the context', '$context.requestId $context.identity.sourceIp $context.authorizer.principalId', 'r-1 192.0.2.10 ann'],
  ['a stage variable', '$stageVariables.color ${stageVariables.color}s', 'red reds'],
  ['conditions', "#if($input.path('$.total') > 500)large#{else}small#end", 'large'],
  ['loops', "#foreach($tag in $input.path('$.tags'))$tag#if($foreach.hasNext), #end#end", 'x, y'],
  ['entries', '#foreach($e in $input.params().path.entrySet())$e.key=$e.value#end', 'id=7'],
  ['comments', 'a## not this', 'a'],
  ['escapes', "$util.escapeJavaScript($input.path('$.name'))", 'Ann \\"A\\" O\\\'Neill'],
  ['escapes of slashes and signs beyond ASCII', "$util.escapeJavaScript('a/é')", 'a\\/\\u00E9'],
  ['URL encoding', "$util.urlEncode('a b&c') $util.urlDecode('a+b%26c')", 'a+b%26c a b&c'],
  ['base64', "$util.base64Encode('hé') $util.base64Decode('aMOp')", 'aMOp...hé'.replace('...', ' ')],
  ['JSON in a text', `$util.parseJson('{"a":{"b":2}}').a.b`, '2'],
  [
    'Java’s methods of texts',
    '#set($a = "a-b-c")$a.replaceAll("-", "+") $a.substring(2) $a.length() $a.split("-").size() $a.contains("b")',
    'a+b+c b-c 5 3 true',
  ],
  ['Java’s methods of maps', '#set($m = {"a": 1})$m.containsKey("a") $m.size() $m.get("a") $m.keySet()', 'true 1 1 [a]'],
])('renders %s', (_what, template, expected) => {
  expect(render(template)).toBe(expected);
});

it('takes a body that is no JSON as a text', () => {
  expect(render("[$input.path('$')]", { body: 'plain' })).toBe('[plain]');
  expect(render("[$input.path('$.a')]", { body: '' })).toBe('[]');
});

it('lets a template set the status and headers of the answer', () => {
  const given = scope();
  renderTemplate('#set($context.responseOverride.status = 404)#set($context.responseOverride.header.Location = "/x")', given);
  expect(given.context['responseOverride']).toEqual({ status: 404, header: { Location: '/x' } });
});

it.each<[string, RegExp[]]>([
  ["$input.json('$') $util.escapeJavaScript($context.path)", []],
  ['$util.time', [/^\$util\.time/]],
  ["$input.xml('/a')", [/^\$input\.xml/]],
  ['$context.cognito', [/^\$context\.cognito/]],
  ['$context.requestOverride.header.a', [/^\$context\.requestOverride/]],
  ['#set($a = "x")$a.hashCode()', [/hashCode\(\)/]],
  ['#set($a = "$util.qr($b)")', [/^\$util\.qr/]],
  ['#include("a")', [/#include/]],
  ['#if(', [/cannot be read/]],
])('names what it does not know of %s', (template, expected) => {
  const found = refuseTemplate(template);
  expect(found).toHaveLength(expected.length);
  expected.forEach((pattern, index) => expect(found[index]).toMatch(pattern));
});

it('fails on what it cannot parse, and stops at a path that is none', () => {
  expect(() => render("$util.parseJson('{')")).toThrow(TemplateError);
  expect(() => render("$input.path('$.a[')")).toThrow(/path of a mapping template/);
});

it('stops where a value has no such method', () => {
  expect(() => render("$input.path('$.total').substring(1)")).toThrow(/calls substring\(\) of 900, which is not supported/);
});
