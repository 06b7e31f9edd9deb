import { AwsSolutionsChecks } from 'cdk-nag';
import { type App, CfnResource, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ACCEPTED } from '../../support/endpoints/accepted';
import { appOf, stackName } from '../../support/endpoints/synthesize';

const COUNT = ACCEPTED.length;

test('no two configurations have one name', () => {
  expect(new Set(ACCEPTED.map(({ name }) => name)).size).toBe(COUNT);
});

describe('CloudFormation validation with default rules, strictly', () => {
  const before = process.env['CDK_VALIDATION'];
  beforeAll(() => delete process.env['CDK_VALIDATION']);
  afterAll(() => {
    process.env['CDK_VALIDATION'] = before;
    process.exitCode = 0;
  });

  /** What the validation says: it prints, and sets the exit code. */
  function refusals(app: App): string {
    process.exitCode = 0;
    const printed: string[] = [];
    const spies = [
      jest.spyOn(process.stderr, 'write').mockImplementation((text) => printed.push(String(text)) > 0),
      jest.spyOn(console, 'error').mockImplementation((...words) => void printed.push(words.join(' '))),
      jest.spyOn(console, 'log').mockImplementation((...words) => void printed.push(words.join(' '))),
    ];
    let thrown = '';
    try {
      app.synth();
    } catch (error) {
      thrown = String(error);
    } finally {
      spies.forEach((spy) => spy.mockRestore());
    }
    return (process.exitCode ?? 0) === 0 ? thrown : `${thrown}${printed.join('\n')}`;
  }

  test('accepts the templates of all configurations', () => {
    expect(refusals(appOf(ACCEPTED, 'one', { validation: true }))).toBe('');
  }, 120_000);

  test('would refuse a config with a weight in words', () => {
    const app = appOf(ACCEPTED.slice(0, 1), 'one', { validation: true });
    const stack = app.node.findChild(stackName(0));
    const config = stack.node
      .findAll()
      .find((one) => CfnResource.isCfnResource(one) && one.cfnResourceType === 'AWS::SageMaker::EndpointConfig');
    (config as CfnResource).addPropertyOverride('ProductionVariants.0.InitialVariantWeight', 'heavy');
    expect(refusals(app)).not.toBe('');
  }, 60_000);
});

test('AwsSolutions pack of cdk-nag finds nothing that is not acknowledged with a reason', () => {
  const app = appOf(ACCEPTED, 'one');
  const pack: IPolicyValidationPlugin & {
    validateScope(scope: App): { violations: { ruleName: string; violatingResources: { constructPath?: string }[] }[] };
  } = new AwsSolutionsChecks(app) as never;
  const found = pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
  expect(found).toEqual([]);
});

test('an endpoint keeps weights and counts at every update, and neither model nor config has a name of its own', () => {
  const assembly = appOf(ACCEPTED, 'one').synth();
  for (const [index, { name }] of ACCEPTED.entries()) {
    const template = Template.fromJSON(assembly.getStackByName(stackName(index)).template as Record<string, unknown>);
    const [endpoint] = Object.values(template.findResources('AWS::SageMaker::Endpoint'));
    expect([name, endpoint?.['Properties']]).toMatchObject([
      name,
      { RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }] },
    ]);
    for (const [type, property] of [
      ['AWS::SageMaker::Model', 'ModelName'],
      ['AWS::SageMaker::EndpointConfig', 'EndpointConfigName'],
    ] as const)
      for (const resource of Object.values(template.findResources(type)))
        expect((resource as { Properties: object }).Properties).not.toHaveProperty(property);
  }
});
