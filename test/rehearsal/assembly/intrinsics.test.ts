import { referencesOf, resolve, type ResolutionScope } from '../../../rehearsal/assembly/intrinsics';
import { creationOrder } from '../../../rehearsal/assembly/order';

const scope: ResolutionScope = {
  template: {
    Resources: {},
    Parameters: { Size: { Type: 'String', Default: 'small' }, Open: { Type: 'String' }, Zones: { Type: 'List<String>' } },
    Mappings: { Accounts: { 'eu-west-1': { sklearn: '1416' } } },
    Conditions: { IsIreland: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
  },
  pseudo: { 'AWS::Region': 'eu-west-1', 'AWS::AccountId': '111122223333' },
  ref: (id) => `ref-of-${id}`,
  attribute: (id, name) => `${id}.${name}`,
  parameters: new Map([['Zones', ['a', 'b']]]),
  importValue: (name) => (name === 'missing' ? undefined : `import-of-${name}`),
  stackOutput: (stack, output) => (stack === 'Data' ? `${stack}.${output}` : undefined),
};

test.each<[string, unknown, unknown]>([
  ['Ref of a resource', { Ref: 'Table' }, 'ref-of-Table'],
  ['Ref of a parameter', { Ref: 'Size' }, 'small'],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'Table.Arn'],
  ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Table.Nested.Arn' }, 'Table.Nested.Arn'],
  ['Fn::Sub', { 'Fn::Sub': '${AWS::Region}:${Table}:${Table.Arn}:${!Literal}' }, 'eu-west-1:ref-of-Table:Table.Arn:${Literal}'],
  ['Fn::Sub with variables', { 'Fn::Sub': ['${a}-${AWS::Region}', { a: { Ref: 'Size' } }] }, 'small-eu-west-1'],
  ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Size' }]] }, 'a/small'],
  ['Fn::Select over Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Accounts', { Ref: 'AWS::Region' }, 'sklearn'] }, '1416'],
  ['Fn::If', { 'Fn::If': ['IsIreland', 'yes', 'no'] }, 'yes'],
  ['Fn::Not and Fn::And', { 'Fn::And': [{ Condition: 'IsIreland' }, { 'Fn::Not': [{ 'Fn::Equals': ['a', 'a'] }] }] }, false],
  ['Fn::Equals of a number and its text', { 'Fn::Equals': [1, '1'] }, true],
  ['Fn::Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 3, 6] }, ['10.0.0.0/26', '10.0.0.64/26', '10.0.0.128/26']],
  ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'data-${Size}' } }, 'import-of-data-small'],
  ['Fn::GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Url', Region: 'eu-west-1' } }, 'Data.Url'],
  ['Ref of a list parameter', { 'Fn::Join': ['+', { Ref: 'Zones' }] }, 'a+b'],
  ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
  ['AWS::NoValue leaves a property out', { keep: 1, drop: { Ref: 'AWS::NoValue' } }, { keep: 1 }],
  [
    'an IAM condition is no function',
    { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  ],
])('%s', (_name, value, expected) => {
  expect(resolve(value, scope)).toEqual(expected);
});

test.each<[string, unknown, RegExp]>([
  ['an unknown function', { 'Fn::Transform': { Name: 'AWS::Include' } }, /Fn::Transform is not supported/],
  ['an export that is missing', { 'Fn::ImportValue': 'missing' }, /Fn::ImportValue: no stack exports missing/],
  ['an output that is missing', { 'Fn::GetStackOutput': { StackName: 'X', OutputName: 'Url' } }, /stack X has no output Url/],
  ['another region', { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Url', Region: 'us-east-1' } }, /region us-east-1/],
  ['blocks that do not fit', { 'Fn::Cidr': ['10.0.0.0/28', 3, 6] }, /10.0.0.0\/28 has no blocks of 6 bits/],
  ['a parameter without a value', { Ref: 'Open' }, /parameter Open has no default/],
  ['a missing mapping', { 'Fn::FindInMap': ['Accounts', 'nowhere', 'sklearn'] }, /no entry nowhere.sklearn/],
])('%s is refused by name', (_name, value, message) => {
  expect(() => resolve(value, scope)).toThrow(message);
});

test('references are found in every form', () => {
  const value = { a: { Ref: 'A' }, b: { 'Fn::GetAtt': ['B', 'Arn'] }, c: { 'Fn::Sub': ['${C.Arn}-${v}', { v: { Ref: 'D' } }] } };
  expect([...referencesOf(value)].filter((id) => id !== 'v').sort()).toEqual(['A', 'B', 'C', 'D']);
});

test('resources come after what they refer to, and circles are refused', () => {
  const resource = (properties: Record<string, unknown>, dependsOn?: string) => ({
    Type: 'T',
    Properties: properties,
    ...(dependsOn === undefined ? {} : { DependsOn: dependsOn }),
  });
  const template = { Resources: { A: resource({ x: { Ref: 'B' } }), B: resource({}, 'C'), C: resource({}) } };
  expect(creationOrder(template)).toEqual(['C', 'B', 'A']);
  expect(() => creationOrder({ Resources: { A: resource({ x: { Ref: 'B' } }), B: resource({ x: { Ref: 'A' } }) } })).toThrow(/A → B → A/);
});
