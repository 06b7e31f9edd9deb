import { App, Aws, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { EndpointInstance, ModelEndpoint, ModelSource, Routing, Serving } from '../../../lib';
import { ACCEPTED } from '../../support/endpoints/accepted';
import { realTime } from '../../support/endpoints/parts';
import { REFUSED } from '../../support/endpoints/refused';
import { ENVIRONMENT } from '../../support/endpoints/synthesize';

const app = new App();
const stackOf = (id: string): Stack => new Stack(app, id, { env: ENVIRONMENT });

test('the table is as large as it is said to be, and no name stands for two', () => {
  expect(ACCEPTED.length + REFUSED.length).toBeGreaterThan(200);
  expect(new Set(REFUSED.map(({ name }) => name)).size).toBe(REFUSED.length);
});

test.each(REFUSED.map((row, index) => ({ ...row, index })))('refuses $name', ({ message, props, index }) => {
  const stack = stackOf(`refused-${index}`);
  expect(() => new ModelEndpoint(stack, 'Endpoint', props(stack))).toThrow(message);
});

test('names every problem, and the construct that has it', () => {
  const props = realTime('one', { initialCount: 0, weight: -1 }, { endpointName: 'a.b' });
  expect(() => new ModelEndpoint(stackOf('several'), 'Triage', props)).toThrow(
    [
      'ModelEndpoint several/Triage would be refused by SageMaker:',
      "  endpointName is 'a.b': 1 to 63 letters, digits and -, with a letter or digit first and last, are allowed; give a shorter, plainer name.",
      '  variants[0].weight is -1: a number from 0 is allowed; 0 keeps a variant dark: only TargetVariant reaches it.',
      '  variants[0].initialCount is 0: a whole number of instances from 1 is allowed; to reach 0 serve asynchronously or with inference components.',
    ].join('\n'),
  );
});

test('leaves alone what is only known at deploy', () => {
  const stack = new Stack(app, 'tokens');
  const later = new CfnParameter(stack, 'Later', { type: 'Number' }).valueAsNumber;
  const text = new CfnParameter(stack, 'Text').valueAsString;
  const variant = {
    name: 'main',
    model: ModelSource.container({ image: `123456789012.dkr.ecr.${Aws.REGION}.amazonaws.com/triage:1` }),
    environment: { PROMPT: text },
    instance: EndpointInstance.of(text),
    initialCount: later,
    weight: later,
    volumeGib: later,
    startupTimeout: Duration.seconds(later),
    routing: Routing.prefixAware({ prefixLengthBytes: later, concurrencyThreshold: later }),
  };
  const props = { serving: Serving.realTime({ variants: [variant] }), endpointName: text, capture: { samplingPercent: later } };
  expect(() => new ModelEndpoint(stack, 'Endpoint', props)).not.toThrow();
  expect(() => app.synth()).not.toThrow();
});
