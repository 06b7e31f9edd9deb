import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { sentence, wordsFor } from '../../../rehearsal/report/words';

const root = path.join(__dirname, '../../../rehearsal');

/** What an argument that is no literal comes to, by its source text. */
const COMPUTED: Record<string, string[]> = {
  'delivery.source': ['eventbridge', 'scheduler'],
  "status.toLowerCase().replace('_', '-')": ['running', 'succeeded', 'failed', 'timed-out', 'aborted'],
  '`${job.kind}-job`': ['training-job', 'processing-job', 'transform-job'],
  said: ['approve', 'reject', 'rollback', 'kill', 'revive', 'park', 'wake', 'retrain', 'snooze', 'acknowledge-drift'],
  change: ['detected', 'broken-input', 'no-data', 'ended'],
  step: ['begun', 'training', 'evaluating', 'approving', 'registered', 'refused', 'rejected', 'failed'],
  '`asks-for-${action.do}`': [
    'asks-for-kill',
    'asks-for-revive',
    'asks-for-park',
    'asks-for-wake',
    'asks-for-rollback',
    'asks-for-destroy',
  ],
  'controlEvent(record, before)': [
    'killed',
    'revived',
    'parked',
    'woken',
    'promoted',
    'candidate-removed',
    'dark',
    'weight',
    'locked',
    'unlocked',
    'returned',
    'changed',
  ],
  status: ['open', 'acknowledged', 'resolved'],
  kind: ['email', 'http', 'sms'],
  event: ['succeeds', 'fails', 'comes-too-late', 'answer-refused'],
};

function valuesOf(argument: ts.Expression, file: ts.SourceFile): string[] {
  if (ts.isStringLiteralLike(argument)) return [argument.text];
  if (ts.isConditionalExpression(argument)) return [argument.whenTrue, argument.whenFalse].flatMap((side) => valuesOf(side, file));
  const source = argument.getText(file);
  const values = COMPUTED[source];
  if (values === undefined) throw new Error(`${file.fileName} logs ${source}: say in COMPUTED what it comes to`);
  return values;
}

/** Every `source event` that a call of the cloud's `record` in this file can log. */
function kindsIn(file: ts.SourceFile): string[] {
  const kinds: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'record') {
      const receiver = node.expression.expression.getText(file);
      const ofCloud = /(^|\.)cloud$/.test(receiver) || (receiver === 'this' && file.fileName.endsWith('kernel/cloud.ts'));
      const [source, event] = node.arguments;
      if (ofCloud) for (const from of valuesOf(source!, file)) for (const what of valuesOf(event!, file)) kinds.push(`${from} ${what}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return kinds;
}

const logged = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .flatMap((name) =>
    kindsIn(ts.createSourceFile(path.join(root, name), readFileSync(path.join(root, name), 'utf8'), ts.ScriptTarget.Latest)),
  );
const kinds = [...new Set(logged)].sort();

test('the source logs what is looked for here', () => {
  expect(logged.length).toBeGreaterThan(60);
  expect(kinds).toEqual(
    expect.arrayContaining(['application-autoscaling scaled', 'sagemaker training-job', 'scheduler delivery-failed', 'states timed-out']),
  );
});

test.each(kinds)('%s has words', (kind) => {
  const [source = '', event = ''] = kind.split(' ');
  const words = wordsFor(source, event);
  expect(words).toBeDefined();
  // Without any detail it is still a sentence.
  expect(words!({}, [])).not.toMatch(/undefined|null|\[object/);
});

test('no words are left for what nothing logs', () => {
  const sources = [...new Set(kinds.map((kind) => kind.split(' ')[0]!))];
  expect(sources.filter((source) => wordsFor(source, 'nothing-of-the-kind') !== undefined)).toEqual(['cloudformation']);
});

const arn = 'arn:aws:sagemaker:eu-west-1:123456789012';
test.each<[string, string, Record<string, unknown>, string]>([
  [
    'application-autoscaling',
    'scaled',
    { endpointName: 'e', variantName: 'v', from: 1, to: 3, cause: '900 a minute' },
    'variant v of endpoint e is scaled from 1 to 3 instances: 900 a minute',
  ],
  [
    'application-autoscaling',
    'not-scaled',
    { endpointName: 'e', variantName: 'v', error: 'ValidationException', message: 'busy' },
    'variant v of endpoint e could not be scaled: ValidationException: busy',
  ],
  ['sagemaker', 'training-job', { jobName: 'j', status: 'InProgress', secondary: 'Starting' }, 'training job j is InProgress (Starting)'],
  ['sagemaker', 'processing-job', { jobName: 'j', status: 'Failed', secondary: 'Failed' }, 'processing job j is Failed'],
  ['sagemaker', 'model-package', { arn: `${arn}:model-package/g/3`, approvalStatus: 'Approved' }, 'model package g/3 is Approved'],
  [
    'sagemaker',
    'pipeline-execution',
    { arn: `${arn}:pipeline/p/execution/x`, status: 'Failed' },
    'pipeline execution p/execution/x is Failed',
  ],
  [
    'sagemaker',
    'endpoint-deployment',
    { endpointName: 'e', pendingConfigName: 'c', status: 'Baking', share: 0.1 },
    'deployment of c on endpoint e is Baking, with 10\u202f% of the traffic',
  ],
  [
    'sagemaker',
    'capture-lost',
    { folder: 'f', records: 2, error: 'AccessDenied', message: 'no' },
    '2 captured records of f are lost: AccessDenied: no',
  ],
  ['states', 'failed', { stateMachine: 'm', execution: 'x', error: 'E', cause: 'why' }, 'execution x of m fails: E: why'],
  ['states', 'running', { stateMachine: 'm', execution: 'x' }, 'execution x of m starts'],
  ['sns', 'email', { topic: 't', subject: 'S', bytes: 9, addresses: 1 }, 'topic t mails one address: S'],
  [
    'scheduler',
    'delivery-failed',
    { from: 'arn:aws:scheduler:r:1:schedule/default/s', target: 'arn:aws:lambda:r:1:function:f', error: 'E', message: 'm', retries: 2 },
    's could not deliver to f after 2 retries: E: m',
  ],
  ['people', 'kill', { role: 'platform', reason: 'drill' }, 'platform turns the kill switch on: drill'],
  ['cloudformation', 'FAILED', { reason: 'why' }, 'the deployment failed: why'],
])('%s %s: %j', (source, event, detail, expected) => {
  expect(sentence({ t: 0, source, event, detail })).toBe(expected);
});
