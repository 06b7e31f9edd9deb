import type { Template } from '../../../rehearsal/assembly/load';
import { perform } from '../releases/play';
import { withEditedTemplates } from '../toy';
import { deploy, ModeOfServing, wrong } from './play';

jest.setTimeout(180_000);

const use = new ModeOfServing('{ mode: serverless }');

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

const deleted = (timeline: { event: string; detail?: unknown }[]): string[] =>
  timeline
    .filter(({ event, detail }) => event === 'endpoint-status' && (detail as { status: string }).status === 'Deleting')
    .map(({ detail }) => /-(r\d+)-[0-9a-f]{8}$/.exec((detail as { endpointName: string }).endpointName)?.[1] ?? 'another one');

const cleansUp = (timeline: { detail?: unknown }[]): boolean =>
  timeline.some(({ detail }) => JSON.stringify(detail)?.includes('-clean-up-1'));

test('an execution that is lost in its canary: its endpoint goes, stable stays', async () => {
  const story = { duration: '2h', actions: [deploy('good')], expect: { outcomes: ['rolled-back'] } };
  const canaryAfter = 1500;
  const result = await perform(withEditedTemplates(await use.prepare(story), timingOut(canaryAfter)));
  expect(wrong(result)).toEqual([]);
  expect(cleansUp(result.timeline)).toBe(true);
  expect(deleted(result.timeline)).toEqual(['r2']);
});

test('one that is lost right after its promotion: the endpoint that traffic came from goes', async () => {
  const story = { charter: { rollout: { strategy: 'all-at-once', steps: null } }, duration: '2h', actions: [deploy('good')] };
  const promotedAfter = 660;
  const result = await perform(withEditedTemplates(await use.prepare(story), timingOut(promotedAfter)));
  expect(wrong(result)).toEqual([]);
  expect(result.outcome).toBe('promoted');
  expect(cleansUp(result.timeline)).toBe(true);
  expect(deleted(result.timeline)).toEqual(['r1']);
});
