import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CustomResources } from '../../../rehearsal/assembly/custom-resource';
import { loadAssembly } from '../../../rehearsal/assembly/load';
import { Stack } from '../../../rehearsal/assembly/stack';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { createCloud } from '../../../rehearsal/kernel/cloud';
import { createRandom } from '../../../rehearsal/kernel/random';
import { createDoubles } from '../../../rehearsal/services';
import type { S3 } from '../../../rehearsal/services/s3';

test('files that the CDK uploads are in the bootstrap bucket once a stack is deployed; templates and what is unpacked are not', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-assembly-'));
  const write = (name: string, value: object | string) =>
    writeFileSync(path.join(directory, name), typeof value === 'string' ? value : JSON.stringify(value));
  write('manifest.json', { artifacts: { toy: { type: 'aws:cloudformation:stack', properties: { templateFile: 'toy.template.json' } } } });
  write('toy.template.json', { Resources: {} });
  write('golden.jsonl', '{"request":1}\n');
  mkdirSync(path.join(directory, 'code'));
  const to = (objectKey: string) => ({ here: { bucketName: 'cdk-x-assets-${AWS::AccountId}-${AWS::Region}', objectKey } });
  write('toy.assets.json', {
    files: {
      a: { source: { path: 'golden.jsonl', packaging: 'file' }, destinations: to('a.jsonl') },
      b: { source: { path: 'toy.template.json', packaging: 'file' }, destinations: to('b.json') },
      c: { source: { path: 'code', packaging: 'zip' }, destinations: to('c.zip') },
    },
  });
  const clock = new VirtualClock({ startMillis: 0 });
  const cloud = createCloud({ clock, random: createRandom(1), doubles: createDoubles });
  const [stack] = loadAssembly(directory);
  await new Stack(cloud, 'toy', [], new CustomResources(cloud)).deploy(stack!);
  const bucket = cloud.double<S3>('s3').bucket(`cdk-x-assets-${cloud.accountId}-${cloud.region}`);
  expect(bucket.keys()).toEqual(['a.jsonl']);
  expect(Buffer.from(bucket.read('a.jsonl', undefined).body).toString()).toBe('{"request":1}\n');
});
