import { changed, changedResource, withoutGrant } from './play';
import { rehearsed } from './rehearsed';
import { thumbnailer } from './thumbnailer/app';

jest.setTimeout(300_000);

const { assembly, failsWith } = rehearsed('thumbnails in plain CDK', 'thumbnailer', thumbnailer);

/** What an application does wrong, where a rehearsal sees it, and in which words. */
describe('thumbnails, broken on purpose', () => {
  it('a function that may not write thumbnails: the denied call and its role are named', async () => {
    const broken = withoutGrant(assembly(), 'Thumbnailer', /^MakeServiceRole/, 's3:PutObject');
    await failsWith(broken, 'thumbnail', /least-privilege: Thumbnailer\/Make\/ServiceRole may not s3:PutObject on /);
  });

  it('a bucket that may not tell the queue: the stack cannot be deployed', async () => {
    const broken = changedResource(assembly(), 'Thumbnailer', { type: 'AWS::SQS::QueuePolicy', id: /^JobsPolicy/ }, (properties) => {
      properties['PolicyDocument'] = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }],
      };
    });
    await failsWith(broken, 'thumbnail', /deployed: .*Thumbnailer.*destination/i);
  });

  it('a queue without a poison queue: what is no image comes again and again, and nobody is called', async () => {
    const broken = changedResource(assembly(), 'Thumbnailer', { type: 'AWS::SQS::Queue', id: /^Jobs/ }, (properties) => {
      delete properties['RedrivePolicy'];
    });
    await failsWith(broken, 'poison', /Thumbnailer\/Poison[^]*PoisonAlarm/);
  });

  it('a herald that announces every change: too many announcements under duplicates', async () => {
    const broken = changed(
      assembly(),
      (name, text) => name.endsWith('announce.mjs') && text.includes('PublishCommand'),
      (text) => text.replace("record.eventName === 'INSERT'", 'record.dynamodb.NewImage !== undefined'),
    );
    await failsWith(broken, 'duplicates', /expect\.messages\[0\]: .*Catalogue\/NewImages/);
  });
});
