import type { Template } from '../../../rehearsal/assembly/load';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { withEditedTemplates } from '../toy';
import { deploy, perform, play, prepare, wrong } from './play';

jest.setTimeout(180_000);

const kept = (keepWarm: string) => ({ rollout: { keepWarm } });

const endpoint = ({ timeline }: RehearsalResult): unknown[] =>
  timeline.filter(({ event }) => event === 'endpoint-status').map(({ detail }) => detail);

const executions = ({ timeline }: RehearsalResult): string[] =>
  timeline.filter(({ source }) => source === 'states').map(({ event }) => event);

/** Inside the definition's text quotes are escaped once more. */
const quoted = (text: string): string => JSON.stringify(JSON.stringify(text)).slice(1, -1);

/** Every execution of the release workflow times out after so many seconds. */
function timingOut(seconds: number): (template: Template) => void {
  return (template) => {
    for (const resource of Object.values(template.Resources)) {
      if (!String(resource.Metadata?.['aws:cdk:path']).endsWith('/Release/Workflow/Resource')) continue;
      const before = JSON.stringify(resource.Properties?.DefinitionString);
      const after = before.replace(quoted('StartAt'), `${quoted('TimeoutSeconds')}:${seconds},${quoted('StartAt')}`);
      expect(after).not.toBe(before);
      resource.Properties = { ...resource.Properties, DefinitionString: JSON.parse(after) as unknown };
    }
  };
}

describe('the release before stays on the endpoint for its rollback window', () => {
  test('and goes when that is over', async () => {
    const result = await play({ charter: kept('30m'), actions: [deploy('good')], expect: { outcomes: ['promoted'] } });
    expect(wrong(result)).toEqual([]);
    expect(endpoint(result).at(-1)).toMatchObject({ status: 'InService', endpointConfigName: expect.stringMatching(/-live$/) });
  });

  test('or until a new release begins, which restores stable alone', async () => {
    const result = await play({
      charter: kept('2h'),
      duration: '5h',
      actions: [deploy('good'), deploy('bad', '90m')],
      expect: { outcomes: ['promoted', 'rolled-back'] },
    });
    expect(wrong(result)).toEqual([]);
    expect(endpoint(result).at(-1)).toMatchObject({ status: 'InService', endpointConfigName: expect.stringMatching(/-live$/) });
  });

  test.each(['kill', 'destroy'] as const)('or until a %s: nothing is left', async (what) => {
    const result = await play({
      charter: kept('2h'),
      actions: [deploy('good'), { at: '100m', do: what, as: 'platform', reason: 'drill' }],
    });
    expect(wrong(result)).toEqual([]);
  });

  test('also when the execution that waits for its end is lost', async () => {
    const story = { charter: kept('45m'), duration: '4h', actions: [deploy('good')], expect: { outcomes: ['promoted'] } };
    // Promoted within the hour, the window's end is after that.
    const result = await perform(withEditedTemplates(await prepare(story), timingOut(5100)));
    expect(wrong(result)).toEqual([]);
    expect(executions(result)).toEqual(['running', 'timed-out', 'running', 'succeeded']);
    expect(endpoint(result).at(-1)).toMatchObject({ status: 'InService', endpointConfigName: expect.stringMatching(/-live$/) });
  });
});

describe('instances come before traffic', () => {
  const three = { serving: { mode: 'real-time', instance: 'ml.g5.xlarge', instances: { min: 3, max: 6 } } };

  test('the candidate grows with its share, and is complete before it is promoted', async () => {
    const result = await play({ charter: three, actions: [deploy('good')], expect: { outcomes: ['promoted'] } });
    expect(wrong(result)).toEqual([]);
    const steps = result.timeline
      .filter(({ event }) => ['endpoint-status', 'weight', 'promoted'].includes(event))
      .map(({ event, detail }) => (event === 'weight' ? detail['weight'] : event === 'promoted' ? event : detail['status']));
    expect(steps).toEqual([
      ...['Updating', 'InService', 0.3],
      ...['Updating', 'InService', 0.5],
      ...['Updating', 'InService', 'promoted'],
      ...['Updating', 'InService'],
    ]);
  });
});
