import type { Template, TemplateResource } from '../../rehearsal/assembly/load';
import type { RehearsalResult } from '../../rehearsal/world/result';
import { run, toyJob, toyScenario, withEditedTemplates } from './toy';

jest.setTimeout(240_000);

const definitionText = (resource: TemplateResource): string => JSON.stringify(resource.Properties?.DefinitionString);

/** The release workflow's definition changed as text: it holds references, which JSON parses as an object around it. */
function editWorkflow(template: Template, edit: (text: string) => string): void {
  for (const resource of Object.values(template.Resources)) {
    if (resource.Type !== 'AWS::StepFunctions::StateMachine') continue;
    if (!String(resource.Metadata?.['aws:cdk:path']).includes('/Release/Workflow')) continue;
    const before = definitionText(resource);
    const after = edit(before);
    expect(after).not.toBe(before);
    resource.Properties = { ...resource.Properties, DefinitionString: JSON.parse(after) as unknown };
  }
}

/** Inside the definition's text quotes are escaped once more. */
const quoted = (text: string): string => JSON.stringify(JSON.stringify(text)).slice(1, -1);

const unheld = (result: RehearsalResult) => result.invariants.filter(({ held }) => !held);

describe('an execution that is lost', () => {
  test('to a time limit leaves neither traffic nor lock nor resources behind', async () => {
    const job = withEditedTemplates(await toyJob(toyScenario('good')), (template) =>
      editWorkflow(template, (text) => text.replace(quoted('StartAt'), `${quoted('TimeoutSeconds')}:4800,${quoted('StartAt')}`)),
    );
    const result = await run(job);
    expect(result.releases.at(-1)).toMatchObject({ outcome: 'rolled-back', reason: expect.stringContaining('timed out') });
    expect(unheld(result)).toEqual([]);
  });

  test('to a failure is cleaned up as well', async () => {
    const job = withEditedTemplates(await toyJob(toyScenario('bad')), (template) =>
      // An expression that cannot be evaluated, and nobody to catch it: the execution fails in the canary.
      editWorkflow(template, (text) =>
        text.replaceAll("{'outcome': 'rolled-back', 'stage': 'canary:'", "{'outcome': $error('lost'), 'stage': 'canary:'"),
      ),
    );
    const result = await run(job);
    expect(result.releases.at(-1)).toMatchObject({ outcome: 'rolled-back', reason: expect.stringContaining('its workflow failed') });
    expect(unheld(result)).toEqual([]);
  });

  test('unnoticed still loses its traffic: the verdict is no longer heard', async () => {
    const job = withEditedTemplates(await toyJob(toyScenario('good')), (template) => {
      editWorkflow(template, (text) => text.replace(quoted('StartAt'), `${quoted('TimeoutSeconds')}:4800,${quoted('StartAt')}`));
      for (const [logicalId, resource] of Object.entries(template.Resources))
        if (resource.Type === 'AWS::Events::Rule' && logicalId.includes('LostExecution'))
          resource.Properties = { ...resource.Properties, EventPattern: { source: ['nobody'] } };
    });
    const result = await run(job);
    const last = result.traffic.at(-1);
    expect(last?.candidateShare).toBe(0);
    // 80 minutes, and a few looks.
    expect(last?.t).toBeLessThan(4800 + 6 * 60 + 120);
  });
});
