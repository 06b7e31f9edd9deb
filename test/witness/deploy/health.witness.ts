import { readFileSync } from 'node:fs';
import path from 'node:path';

test('MiniStack is there, in the version that is pinned', async () => {
  const pinned = /^ministack==(.+)$/m.exec(readFileSync(path.join(__dirname, '../requirements.txt'), 'utf8'))?.[1];
  const answer = await fetch(`${process.env['SLUICE_WITNESS']}/_ministack/health`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ version: pinned, services: { dynamodb: 'available', cloudformation: 'available' } });
});
