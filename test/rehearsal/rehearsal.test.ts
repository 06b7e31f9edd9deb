import type { Template, TemplateResource } from '../../rehearsal/assembly/load';
import { succeeded } from '../../rehearsal/world/result';
import { run, toyJob, toyScenario, withEditedTemplates } from './toy';

jest.setTimeout(120_000);

const resourcesOf = (template: Template, type: string): [string, TemplateResource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

const pathOf = (resource: TemplateResource): string => String(resource.Metadata?.['aws:cdk:path']);

test('a better candidate is promoted, and every invariant holds', async () => {
  const result = await run(await toyJob(toyScenario('good')));
  expect(result.expectations).toEqual([{ text: 'outcome is promoted', held: true }]);
  expect(result.invariants.filter(({ held }) => !held)).toEqual([]);
  expect(succeeded(result)).toBe(true);
});

test('a worse candidate is rolled back by its KPI', async () => {
  const result = await run(await toyJob(toyScenario('bad')));
  expect(result.outcome).toBe('rolled-back');
  expect(result.releases[0]?.culprit).toBe('mistakes');
  expect(result.requests.byArm.candidate).toBeGreaterThan(0);
  expect(succeeded(result)).toBe(true);
});

test('one seed, one result; another seed, another', async () => {
  const job = await toyJob(toyScenario('bad'));
  const first = JSON.stringify(await run(job));
  expect(JSON.stringify(await run(job))).toBe(first);
  expect(JSON.stringify(await run({ ...job, seed: 2 }))).not.toBe(first);
});

describe('it runs what was synthesized', () => {
  test('without the verdict schedule the heartbeat is missed, and the release rolls back', async () => {
    const job = withEditedTemplates(await toyJob(toyScenario('good')), (template) => {
      for (const [logicalId] of resourcesOf(template, 'AWS::Scheduler::Schedule')) delete template.Resources[logicalId];
    });
    const result = await run(job);
    expect(result.outcome).toBe('rolled-back');
    expect(result.releases[0]?.reason).toMatch(/heartbeat/i);
  });

  test('with the grant on the ledger dropped, the gateway is denied and the invariant says so', async () => {
    const job = withEditedTemplates(await toyJob(toyScenario('good')), (template) => {
      const policies = resourcesOf(template, 'AWS::IAM::Policy').filter(([, resource]) => pathOf(resource).includes('/Gateway/'));
      expect(policies.length).toBeGreaterThan(0);
      for (const [, resource] of policies) {
        const document = resource.Properties?.PolicyDocument as { Statement: { Action: string | string[] }[] };
        document.Statement = document.Statement.filter(({ Action }) => ![Action].flat().some((action) => action.startsWith('dynamodb:')));
      }
    });
    const result = await run(job);
    expect(result.iam.denied.map(({ action }) => action)).toContain('dynamodb:GetItem');
    expect(result.invariants.find(({ name }) => name === 'least-privilege')?.held).toBe(false);
    expect(result.requests.byArm.baseline).toBe(result.requests.total);
  });

  test('with the branches of a Choice swapped the workflow goes the other way', async () => {
    const swapped: string[] = [];
    const job = withEditedTemplates(await toyJob(toyScenario('good')), (template) => {
      for (const [, resource] of resourcesOf(template, 'AWS::StepFunctions::StateMachine')) {
        if (!pathOf(resource).includes('/Release/Workflow')) continue;
        const text = JSON.stringify(resource.Properties?.DefinitionString);
        const edited = swapApprovalBranches(text);
        if (edited !== text) swapped.push(pathOf(resource));
        resource.Properties = { ...resource.Properties, DefinitionString: JSON.parse(edited) as unknown };
      }
    });
    expect(swapped.length).toBeGreaterThan(0);
    const result = await run(job);
    expect(result.outcome).toBe('rejected');
  });
});

test('a resource that the laptop cloud does not have stops the rehearsal with its name and path', async () => {
  const job = withEditedTemplates(await toyJob(toyScenario('good')), (template) => {
    template.Resources.Lake = { Type: 'AWS::LakeFormation::Resource', Metadata: { 'aws:cdk:path': 'toy/Toy/Lake/Resource' } };
  });
  await expect(run(job)).rejects.toMatchObject({
    name: 'UnsupportedError',
    message: expect.stringMatching(/AWS::LakeFormation::Resource \(toy\/Toy\/Lake\)/) as string,
  });
});

/** Approved goes where rejected should go, and the other way round. */
function swapApprovalBranches(text: string): string {
  return text.replaceAll('$approval.approved = true', '$approval.approved = false');
}
