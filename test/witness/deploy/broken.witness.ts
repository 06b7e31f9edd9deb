import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DoublesServer } from '../launcher/doubles';
import { ACCOUNT, REGION, bootstrap, cdk, deploy, synth, type Assembly, type Template } from './support/cdk';
import { inLedger } from './support/ledger';
import { changedCharter, putKpiEvents } from './support/use-case';
import { danglingVariables } from './support/wiring';

// What the witness asserts elsewhere must be able to fail: templates that are broken on purpose.

const doubles = new DoublesServer({ accountId: ACCOUNT, region: REGION });

beforeAll(async () => {
  await doubles.listen(Number(new URL(process.env['SLUICE_DOUBLES'] ?? '').port));
  await bootstrap();
});

afterAll(() => doubles.close());

test('a reference to a parameter that is missing, and a variable that is, are noticed', async () => {
  const assembly = await broken('broken-wiring', (template) => {
    variablesOf(template, 'BrokenWiringWatchHandler')['LEDGER_TABLE'] = { Ref: 'LedgerTableParameter' };
    delete variablesOf(template, 'BrokenWiringIntakeHandler')['LEDGER_TABLE'];
  });
  const { outputs } = await deploy(assembly);
  expect(await danglingVariables()).toEqual([
    { function: expect.stringContaining('WatchHandler'), variable: 'LEDGER_TABLE', value: 'LedgerTableParameter' },
  ]);
  await putKpiEvents({ schema: 'sluice.kpi/v1', useCase: 'broken-wiring', kpi: 'no-such-kpi', eventId: 'event-1', value: true });
  await expect(inLedger(String(outputs['LedgerTableName']), 'rejection', ({ eventId }) => eventId === 'event-1', 8)).rejects.toThrow(
    'holds no rejection',
  );
});

test('a table of another name makes the deploy fail, by the name of the resource', async () => {
  const assembly = await broken('broken-table', (template) => {
    variablesOf(template, 'BrokenTableReleaseRequest')['LEDGER_TABLE'] = 'no-such-table';
    const [, desired] = resourceOf(template, 'Custom::SluiceDesiredRelease', '');
    desired.Properties['ServiceTimeout'] = 20;
  });
  const { code, output } = await cdk('deploy', assembly.stackName, '--app', assembly.folder, '--require-approval', 'never');
  expect(code).toBe(1);
  expect(output).toMatch(/CREATE_FAILED.*Custom::SluiceDesiredRelease/);
});

/** The example under another name, its template changed after the synthesis. */
async function broken(name: string, change: (template: Template) => void): Promise<Assembly> {
  const rename = (charter: string): string => charter.replace('name: support-triage', `name: ${name}`);
  const assembly = await synth(changedCharter('examples/support-triage', rename), '-c', 'profile=cpu');
  const file = path.join(assembly.folder, `${assembly.stackName}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  change(template);
  writeFileSync(file, JSON.stringify(template));
  return assembly;
}

function resourceOf(template: Template, type: string, logicalId: string): [string, Template['Resources'][string]] {
  const found = Object.entries(template.Resources).find(([id, one]) => one.Type === type && id.startsWith(logicalId));
  if (found === undefined) throw new Error(`the template has no ${type} ${logicalId}…`);
  return found;
}

function variablesOf(template: Template, logicalId: string): Record<string, unknown> {
  const [, handler] = resourceOf(template, 'AWS::Lambda::Function', logicalId);
  return (handler.Properties['Environment'] as { Variables: Record<string, unknown> }).Variables;
}
