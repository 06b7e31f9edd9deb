import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import { Laptop } from '../../../rehearsal/world/laptop';
import { putStandIns } from '../../../rehearsal/world/prepare';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';

const startMillis = Date.parse('2026-03-02T09:00:00Z');
const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:role/world' } as const;

/** A laptop with a state machine of another team's, whose definition is this text. */
async function withMachine(definition: string, file = 'trainer.asl.json'): Promise<Laptop> {
  const directory = mkdtempSync(path.join(tmpdir(), 'machines-'));
  writeFileSync(path.join(directory, 'trainer.asl.json'), definition);
  const scenario = scenarioSchema.parse({
    title: 'machines',
    duration: '1h',
    traffic: { perMinute: 1 },
    arms: {},
    stateMachines: { trainer: file },
  });
  const laptop = new Laptop({ startMillis, seed: 1, faults: [] });
  await putStandIns(laptop, { directory, scenario } as RehearsalJob);
  return laptop;
}

const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'List',
  States: {
    List: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sagemaker:listTrainingJobs', Arguments: {}, Next: 'Answer' },
    Answer: { Type: 'Pass', Output: { modelDataUrl: "{% $states.context.Execution.Input.outputPath & '/model.tar.gz' %}" }, End: true },
  },
};

test('a state machine that the stack does not hold runs as its definition says, and may do everything', async () => {
  const { cloud, clock } = await withMachine(JSON.stringify(DEFINITION));
  const stateMachineArn = cloud.arn('states', 'stateMachine:trainer');
  let output: unknown;
  await clock.complete(
    (async () => {
      const input = JSON.stringify({ outputPath: 's3://models/t1' });
      const { executionArn } = await cloud.call('sfn', 'StartExecution', { stateMachineArn, input }, world);
      await clock.sleep(60_000);
      const execution = await cloud.call('sfn', 'DescribeExecution', { executionArn }, world);
      expect(execution.status).toBe('SUCCEEDED');
      output = JSON.parse(String(execution.output));
    })(),
  );
  expect(output).toEqual({ modelDataUrl: 's3://models/t1/model.tar.gz' });
  expect(cloud.iam.report().denied).toEqual([]);
});

test.each([
  ['there is no such file', '{}', 'nowhere.json', /stateMachines.trainer: there is no file nowhere.json in /],
  [
    'the file holds no definition',
    '{"StartAt":"A"}',
    'trainer.asl.json',
    /stateMachines.trainer: trainer.asl.json is no definition that AWS takes: /,
  ],
])('it is refused where %s', async (_, definition, file, message) => {
  await expect(withMachine(definition, file)).rejects.toThrow(message);
});
