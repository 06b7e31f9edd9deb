import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NamedScenario } from '../../rehearsal';
import type { Template, TemplateResource } from '../../rehearsal/assembly/load';
import type { RehearsalResult } from '../../rehearsal/world/result';
import { TOY, run, toyJob, toyScenario, withEditedTemplates } from './toy';

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

/** The scenario with other actions after its deploy, and nothing expected of it. */
function acting(name: string, actions: Partial<NamedScenario['scenario']['actions'][number]>[]): NamedScenario {
  const { scenario, ...rest } = toyScenario(name);
  const defaults = { as: 'platform', reason: 'drill' } as const;
  return {
    ...rest,
    scenario: {
      ...scenario,
      expect: {},
      actions: [
        ...scenario.actions,
        ...actions.map((action) => ({ ...defaults, ...action }) as NamedScenario['scenario']['actions'][number]),
      ],
    },
  };
}

const HOUR = 3_600_000;

describe('an adopted endpoint', () => {
  /** The toy use case beside an endpoint that is there already. */
  function adopting(): string {
    const directory = mkdtempSync(path.join(tmpdir(), 'sluice-adopting-'));
    cpSync(TOY, directory, { recursive: true });
    const file = path.join(directory, 'usecase.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}platform: { existingEndpoint: legacy }\n`);
    return directory;
  }

  test.each(['kill', 'destroy'] as const)('goes back to its own config before the dark one is deleted: %s', async (what) => {
    const named = acting('good', [{ at: 1.2 * HOUR, do: what }]);
    const result = await run(await toyJob({ ...named, scenario: { ...named.scenario, given: {} } }, 1, adopting()));
    const endpoint = result.timeline.filter(({ event }) => event === 'endpoint-status').map(({ detail }) => detail);
    expect(endpoint.at(-2)).toMatchObject({ status: 'Updating', pendingConfigName: 'legacy-config' });
    expect(endpoint.at(-1)).toMatchObject({ endpointName: 'legacy', status: 'InService', endpointConfigName: 'legacy-config' });
    expect(unheld(result)).toEqual([]);
  });
});

test('a first release waits for the endpoint of the one before to be gone', async () => {
  const named = acting('good', [
    { at: 0.5 * HOUR, do: 'deploy', release: 'other' },
    { at: 0.6 * HOUR, do: 'rollback' },
  ]);
  const arms = { ...named.scenario.arms, other: named.scenario.arms['stable']! };
  const job = await toyJob({ ...named, scenario: { ...named.scenario, given: {}, arms } });
  const result = await run(
    withEditedTemplates(job, (template) =>
      editWorkflow(template, (text) => {
        const seconds = (value: number): string => `${quoted('Seconds')}:${value},`;
        return text.replaceAll(seconds(120), seconds(1)).replaceAll(seconds(300), seconds(1));
      }),
    ),
  );
  expect(result.releases.map(({ outcome }) => outcome)).toEqual(['rolled-back', 'promoted']);
  const statuses = result.timeline.filter(({ event }) => event === 'endpoint-status').map(({ detail }) => detail.status);
  expect(statuses.slice(0, 5)).toEqual(['Creating', 'InService', 'Deleting', 'Creating', 'InService']);
  expect(unheld(result)).toEqual([]);
});

test('after a kill, reviving starts what the stack wants as a new release', async () => {
  const result = await run(
    await toyJob(
      acting('good', [
        { at: 1 * HOUR, do: 'kill' },
        { at: 1.5 * HOUR, do: 'revive' },
      ]),
    ),
  );
  expect(result.releases.map(({ id }) => id.slice(0, 2))).toEqual(['r2', 'r3']);
  expect(result.releases.at(-1)).toMatchObject({ outcome: 'promoted' });
  expect(result.releases.at(-1)?.id.slice(3)).toBe(result.releases.at(-2)?.id.slice(3));
  expect(unheld(result)).toEqual([]);
});
