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

  test('a single grant that is missing is told with role, action and resource', async () => {
    const removed: string[] = [];
    const job = withEditedTemplates(await toyJob(toyScenario('good')), (template) => {
      for (const { statement, path, remove } of grantsOf(template)) {
        if (!path.includes('/Verdict/') || !statement.includes('dynamodb:Query')) continue;
        removed.push(path);
        remove('dynamodb:Query');
      }
    });
    const result = await run(job);
    expect(new Set(removed).size).toBe(1);
    expect(result.iam.denied[0]).toEqual({
      role: expect.stringContaining('Verdict') as string,
      action: 'dynamodb:Query',
      resource: expect.stringMatching(/^arn:aws:dynamodb:eu-west-1:123456789012:table\/.*Ledger/) as string,
      atMillis: expect.any(Number) as number,
    });
    expect(result.invariants.find(({ name }) => name === 'least-privilege')?.held).toBe(false);
    expect(result.outcome).not.toBe('promoted');
  });

  test('a permission that the report calls unused can go: nothing else changes', async () => {
    const job = await toyJob(toyScenario('good'));
    const before = await run(job);
    const unused = before.iam.unused.find(({ action, role }) => action === 'sqs:ChangeMessageVisibility' && role.includes('Intake'));
    expect(unused).toBeDefined();
    let removed = 0;
    const after = await run(
      withEditedTemplates(job, (template) => {
        for (const { statement, path, remove } of grantsOf(template)) {
          if (!path.includes('/Intake/') || !statement.includes('sqs:ChangeMessageVisibility')) continue;
          remove('sqs:ChangeMessageVisibility');
          removed += 1;
        }
      }),
    );
    expect(removed).toBeGreaterThan(0);
    const expected = before.iam.unused.filter((grant) => JSON.stringify(grant) !== JSON.stringify(unused));
    expect(after).toEqual({ ...before, iam: { ...before.iam, unused: expected } });
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
    message: expect.stringMatching(/the resource type AWS::LakeFormation::Resource: toy\/Toy\/Lake/) as string,
  });
});

/** Every allowing statement of the template's policies with several actions, and how to take one of them away. */
function grantsOf(template: Template): { path: string; statement: string[]; remove: (action: string) => void }[] {
  return resourcesOf(template, 'AWS::IAM::Policy').flatMap(([, resource]) => {
    const document = resource.Properties?.PolicyDocument as { Statement: { Effect: string; Action: string | string[] }[] };
    return document.Statement.filter(({ Effect }) => Effect === 'Allow').map((statement) => ({
      path: pathOf(resource),
      statement: [statement.Action].flat(),
      remove: (action: string) => {
        statement.Action = [statement.Action].flat().filter((one) => one !== action);
      },
    }));
  });
}

/** Approved goes where rejected should go, and the other way round. */
function swapApprovalBranches(text: string): string {
  return text.replaceAll('$approval.approved = true', '$approval.approved = false');
}
