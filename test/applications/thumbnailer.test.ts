import path from 'node:path';
import type { ApplicationResult } from '../../rehearsal/application/result';
import {
  brokenOf,
  changed,
  changedResource,
  rehearse,
  resultOf,
  scenariosOf,
  synthesize,
  withoutGrant,
  linesOf,
  type Played,
} from './play';
import { thumbnailer } from './thumbnailer/app';

jest.setTimeout(300_000);

const FOLDER = path.join(__dirname, 'thumbnailer');
const scenario = (name: string): string => path.join(FOLDER, 'scenarios', `${name}.yaml`);

let assembly: string;

beforeAll(() => {
  assembly = synthesize(thumbnailer);
});

describe('thumbnails in plain CDK', () => {
  const names = scenariosOf(FOLDER);
  let first: Played;
  let second: Played;

  beforeAll(async () => {
    first = await rehearse(assembly, ...names.map(scenario));
    second = await rehearse(assembly, ...names.map(scenario).reverse());
  });

  it.each(names)('%s: all is as expected', (name) => {
    const result = JSON.parse(linesOf(first).get(name) ?? '') as ApplicationResult;
    expect(brokenOf(result)).toBe('');
    expect(result.expectations.length).toBeGreaterThan(0);
    expect(result.stillUnderWay).toEqual([]);
  });

  it('the command says that all went well', () => expect([first.status, second.status]).toEqual([0, 0]));

  it.each(names)('%s: the same byte for byte when it runs again, after others', (name) => {
    expect(linesOf(second).get(name)).toBe(linesOf(first).get(name));
  });
});

/** What an application does wrong, where a rehearsal sees it, and in which words. */
describe('thumbnails, broken on purpose', () => {
  async function failsWith(broken: string, name: string, words: RegExp): Promise<void> {
    const played = await rehearse(broken, scenario(name));
    expect(played.status).toBe(1);
    expect(brokenOf(resultOf(played))).toMatch(words);
  }

  it('a function that may not write thumbnails: the denied call and its role are named', async () => {
    const broken = withoutGrant(assembly, 'Thumbnailer', /^MakeServiceRole/, 's3:PutObject');
    await failsWith(broken, 'thumbnail', /least-privilege: Thumbnailer\/Make\/ServiceRole may not s3:PutObject on /);
  });

  it('a bucket that may not tell the queue: the stack cannot be deployed', async () => {
    const broken = changedResource(assembly, 'Thumbnailer', { type: 'AWS::SQS::QueuePolicy', id: /^JobsPolicy/ }, (properties) => {
      properties['PolicyDocument'] = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }],
      };
    });
    await failsWith(broken, 'thumbnail', /deployed: .*Thumbnailer.*destination/i);
  });

  it('a queue without a poison queue: what is no image comes again and again, and nobody is called', async () => {
    const broken = changedResource(assembly, 'Thumbnailer', { type: 'AWS::SQS::Queue', id: /^Jobs/ }, (properties) => {
      delete properties['RedrivePolicy'];
    });
    await failsWith(broken, 'poison', /Thumbnailer\/Poison[^]*PoisonAlarm/);
  });

  it('a herald that announces every change: too many announcements under duplicates', async () => {
    const broken = changed(
      assembly,
      (name, text) => name.endsWith('announce.mjs') && text.includes('PublishCommand'),
      (text) => text.replace("record.eventName === 'INSERT'", 'record.dynamodb.NewImage !== undefined'),
    );
    await failsWith(broken, 'duplicates', /expect\.messages\[0\]: .*Catalogue\/NewImages/);
  });
});
