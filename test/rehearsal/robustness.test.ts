import type { Template, TemplateResource } from '../../rehearsal/assembly/load';
import type { RehearsalResult } from '../../rehearsal/world/result';
import { run, toyJob, toyScenario, withEditedTemplates } from './toy';

jest.setTimeout(240_000);

interface State {
  Catch?: unknown;
  Retry?: unknown;
}

interface Definition {
  TimeoutSeconds?: number;
  States: Record<string, State>;
}

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
    console.log(JSON.stringify(result, undefined, 1).slice(0, 6000));
    expect(result.releases.at(-1)).toMatchObject({ outcome: 'rolled-back', reason: expect.stringContaining('timed out') });
    expect(unheld(result)).toEqual([]);
  });
});
