import { discreet } from '../../../core/notification/discreet';

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----';
const TOKEN = `AAAAKgAAAAIAAAAAAAAAA${'fG9x+Q/0'.repeat(30)}==`;

test.each([
  ['an address', 'anna.berg+x@example.co.uk asked', '(address) asked'],
  ['a session', 'by arn:aws:sts::111122223333:assumed-role/ModelRisk/anna@example.com.', 'by arn:aws:iam::111122223333:role/ModelRisk'],
  ['a user', 'by arn:aws:iam::111122223333:user/team/anna', 'by arn:aws:iam::111122223333:user/…'],
  ['an access key', 'with AKIAIOSFODNN7EXAMPLE here', 'with (key) here'],
  ['a private key', `it is ${PEM}`, 'it is (key)'],
  ['a web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_1', '(token)'],
  ['a header', 'Authorization: Bearer abcdef0123456789', 'Authorization: Bearer (token)'],
  ['a password', 'password=hunter2hunter2, then', 'password=(secret), then'],
  ['a secret in JSON', '{"apiKey": "abcdef012345"}', '{"apiKey": "(secret)"}'],
  ['a signed link', 'https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&x=1 end', 'https://b.s3.amazonaws.com/k?(signed) end'],
  ['an incoming webhook', 'https://hooks.example.com/services/T0/B0/xyz', 'https://hooks.example.com/(secret)'],
  ['a task token', `token ${TOKEN} end`, 'token (token) end'],
])('%s does not stand in a message', (_, said, expected) => {
  expect(discreet(said)).toBe(expected);
});

test('values are cleaned however deep, and keys of secrets whatever they hold', () => {
  const said = { facts: [{ by: 'anna@example.com', taskToken: 'short', n: 1, none: undefined }], at: null, ok: true };
  expect(discreet(said)).toEqual({ facts: [{ by: '(address)', taskToken: '(secret)', n: 1, none: undefined }], at: null, ok: true });
});

test.each([
  'r7-3f2a9c1b asks for approval (release) by quality and risk',
  'arn:aws:iam::111122223333:role/ModelRisk',
  'missed-spam: 5.1 % against 3.2 %, e-value 42.1 of 20 (threshold 1/α), promoted',
  'https://github.com/cdk-sluice/cdk-sluice/blob/main/constructs-docs/runbooks/rolled-back.md',
  'the endpoint is InService with config support-triage-a1b2c3-r7-3f2a9c1b-live',
  `sha256:${'0123456789abcdef'.repeat(4)}`,
  "sluice approve --release r7-3f2a9c1b, or sluice reject --release r7-3f2a9c1b --comment '…'",
  'a newer release was asked for while this one waited',
])('what people need stays: %s', (said) => {
  expect(discreet(said)).toBe(said);
});
