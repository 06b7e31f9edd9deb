import { after, HOUR, LIVE, POLICY, RELEASE, scene, type Scene, shifted, usual } from './world';
import { named } from '../support';
import { hourOfMillis } from '../../../core/drift/places';
import type { JobPart } from '../../../core/drift/look/due';
import { SMALL_OBJECTS } from '../../../core/drift/look/due';
import type { DriftBaseline } from '../../../core/drift/types';
import { conclude } from '../../../lambdas/drift/conclude';
import { mergeGroup, readPart } from '../../../lambdas/drift/job';
import type { LookReport } from '../../../lambdas/drift/look';
import { type KeptProfile, Profiles } from '../../../lambdas/drift/profiles';

const FILES = SMALL_OBJECTS + 400;

/** An hour of more files than one function reads. */
function captureMany(the: Scene, hour: number, values = usual, files = FILES): void {
  for (let file = 0; file < files; file += 1) the.capture(hour, 1, values, { file: `f${String(file).padStart(5, '0')}`, seed: file });
}

/** What the state machine does. */
async function run(the: Scene, index = 0): Promise<LookReport> {
  const { job, manifest } = the.started[index]?.input ?? {};
  if (job === undefined || manifest === undefined) throw new Error('no job was started');
  for (const item of the.s3.json<JobPart[]>('drift', manifest)) await readPart(the.parts, job, item);
  for (const group of job.groups) await mergeGroup(the.parts, job, group);
  return conclude(the.parts, new Profiles(the.parts.bucket), job);
}

const profile = (the: Scene): KeptProfile => the.s3.json('drift', the.s3.keys('drift', 'profiles/')[0] as string);

describe('an hour that is too large for one function', () => {
  test('is read by many, merged, and looked at', async () => {
    const the = await scene();
    captureMany(the, 0, shifted);
    the.requests.count = FILES;
    the.at(after(0));
    expect(await the.look()).toMatchObject({ told: [] });
    expect(the.lastLook().reason).toContain('1 hour is still being read');
    expect(the.s3.keys('drift', 'profiles/')).toEqual([]);
    expect(the.started).toHaveLength(1);
    const [{ name, input }] = the.started as [Scene['started'][number]];
    expect(name).toMatch(/^[\w-]{1,80}$/);
    expect(input.job.parts).toBe(Math.ceil(FILES / 400));
    expect(Buffer.byteLength(JSON.stringify({ job: input.job, item: the.s3.json<JobPart[]>('drift', input.manifest)[0] }))).toBeLessThan(
      262_144,
    );
    expect(await run(the)).toMatchObject({ state: 'drifting', hour: '2026-03-02T00', told: ['DriftDetected'] });
    expect(profile(the).rows).toBe(FILES);
    // Concluded again, as Step Functions may, nothing changes.
    expect(await run(the)).toMatchObject({ state: 'drifting', told: [] });
    the.clock.millis += HOUR;
    await the.look();
    expect(the.started).toHaveLength(1);
  });

  test('gives the same profile as one function would', async () => {
    const many = await scene();
    captureMany(many, 0);
    many.at(after(0));
    await many.look();
    await run(many);
    const one = await scene();
    const lines = many.s3.keys('captures').map((key) => many.s3.text('captures', key));
    one.s3.put('captures', (many.s3.keys('captures')[0] as string).replace(/[^/]+$/, 'all.jsonl'), lines.join(''));
    one.at(after(0));
    await one.look();
    expect({ ...profile(many), digest: '' }).toEqual({ ...profile(one), digest: '' });
  });

  test('does not hold up the hours before: they are judged', async () => {
    const the = await scene();
    the.capture(0, 400, shifted);
    captureMany(the, 1);
    the.requests.count = FILES;
    the.at(after(1));
    expect(await the.look()).toMatchObject({ state: 'drifting', hour: '2026-03-02T00' });
  });

  test('is begun once by two looks, and anew by a look after its time', async () => {
    const the = await scene();
    captureMany(the, 0);
    the.at(after(0));
    await the.look();
    await the.coldLook();
    expect(the.started).toHaveLength(1);
    the.clock.millis += HOUR;
    await the.look();
    expect(the.started).toHaveLength(1);
    the.clock.millis += HOUR;
    await the.look();
    expect(the.started.map(({ name }) => name)).toEqual([the.started[0]?.name, `${the.started[0]?.name}-2`]);
    the.clock.millis += 2 * HOUR;
    await the.look();
    the.clock.millis += 2 * HOUR;
    expect(await the.look()).toMatchObject({ state: 'no-data', told: ['DriftNoData'] });
    expect(the.lastLook().reason).toContain('2026-03-02T00 could not be read in three attempts');
    expect(the.started).toHaveLength(3);
  });

  test('whose file is gone fails, and is begun anew when the listing differs', async () => {
    const the = await scene();
    captureMany(the, 0);
    the.at(after(0));
    await the.look();
    the.s3.objects.delete(`captures/${the.s3.keys('captures')[3] as string}`);
    await expect(run(the)).rejects.toThrow('is not what was listed (NoSuchKey)');
    the.clock.millis += HOUR;
    await the.look();
    expect(the.started).toHaveLength(2);
    await run(the, 1);
    expect(profile(the).rows).toBe(FILES - 1);
  });

  test('of which a late file came while it was read is read again', async () => {
    const the = await scene();
    captureMany(the, 0);
    the.at(after(0));
    await the.look();
    the.capture(0, 5, usual, { file: 'late', seed: 99_999 });
    await run(the);
    expect(profile(the).rows).toBe(FILES);
    expect(the.started).toHaveLength(2);
    await run(the, 1);
    expect(profile(the).rows).toBe(FILES + 5);
  });

  test('fails where its parts are gone', async () => {
    const the = await scene();
    captureMany(the, 0);
    the.at(after(0));
    await the.look();
    const [{ input }] = the.started as [Scene['started'][number]];
    await expect(mergeGroup(the.parts, input.job, input.job.groups[0]!)).rejects.toThrow('part-0.json is not there');
    await expect(conclude(the.parts, new Profiles(the.parts.bucket), input.job)).rejects.toThrow('group-0.json is not there');
  });

  test('fails where the machine cannot be started, and nothing is claimed', async () => {
    const the = await scene();
    captureMany(the, 0);
    the.at(after(0));
    const { start } = the.parts;
    the.parts.start = () => Promise.reject(named('ThrottlingException'));
    await expect(the.look()).rejects.toThrow('ThrottlingException');
    the.parts.start = start;
    await the.look();
    expect(the.started).toHaveLength(1);
  });
});

describe('first days that are too many for one function', () => {
  const FIRST_DAYS = { ...POLICY, baseline: { kind: 'first-days', days: 1 } } as const;

  test('are sampled by many', async () => {
    const the = await scene(FIRST_DAYS);
    captureMany(the, 0);
    the.capture(23, 300);
    the.capture(24, 300, shifted);
    the.at(after(24));
    expect(await the.look()).toMatchObject({ state: 'not-enough-data' });
    expect(the.lastLook().reason).toContain(`the first days of ${RELEASE} (${FILES + 2} files`);
    expect(the.started[0]?.input.job).toMatchObject({ kind: 'sample', fromMillis: LIVE, untilMillis: LIVE + 24 * HOUR });
    expect(await run(the)).toMatchObject({ state: 'drifting' });
    const [key = ''] = the.s3.keys('drift', 'baselines/');
    expect(the.s3.json<DriftBaseline>('drift', key).profile.rows).toBe(FILES + 300);
  });

  test('with too few rows are sampled anew a day later', async () => {
    const the = await scene({ ...FIRST_DAYS, minimumRows: 5000 });
    captureMany(the, 0);
    the.at(after(24));
    await the.look();
    expect(await run(the)).toMatchObject({ state: 'not-enough-data' });
    the.clock.millis += HOUR;
    await the.look();
    expect(the.started).toHaveLength(1);
    for (let hour = 30; hour < 40; hour += 1) the.capture(hour, 500);
    the.at(after(52));
    await the.look();
    expect(the.started).toHaveLength(2);
    expect(hourOfMillis(the.started[1]?.input.job.untilMillis ?? 0)).toBe(hourOfMillis(LIVE) + 48);
  });
});
