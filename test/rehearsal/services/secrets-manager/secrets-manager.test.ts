import type { Members } from '../../../../rehearsal/cloud/types';
import { createSecretsManager, secretsManagerResources } from '../../../../rehearsal/services/secrets-manager';
import type { SecretsManager } from '../../../../rehearsal/services/secrets-manager';
import { create, run, stubCloud, stubContext } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

const type = 'AWS::SecretsManager::Secret';
let cloud: StubCloud;
let secrets: SecretsManager;
let arn: string;

beforeEach(async () => {
  cloud = stubCloud();
  secrets = createSecretsManager(cloud);
  cloud.add(secrets);
  const created = await create(cloud, secretsManagerResources, type, 'Keyring', {
    Name: 'keyring',
    GenerateSecretString: {
      SecretStringTemplate: '{"current":"k1"}',
      GenerateStringKey: 'k1',
      PasswordLength: 43,
      ExcludePunctuation: true,
    },
  });
  arn = created.ref;
});

const send = (operation: string, input: Members = {}): Promise<Members> => run(cloud, secrets, operation, { SecretId: arn, ...input });
const generate = async (settings: Members, id = 'Other'): Promise<string> => {
  const { ref } = await create(cloud, secretsManagerResources, type, id, { Name: id, GenerateSecretString: settings });
  return (await send('GetSecretValue', { SecretId: ref }))['SecretString'] as string;
};

test('generates by template and key, seeded', async () => {
  const { SecretString } = await send('GetSecretValue');
  expect(JSON.parse(SecretString as string)).toEqual({ current: 'k1', k1: expect.stringMatching(/^[A-Za-z0-9]{43}$/) });
  const again = stubCloud();
  again.add(createSecretsManager(again));
  const settings = { SecretStringTemplate: '{"current":"k1"}', GenerateStringKey: 'k1', PasswordLength: 43, ExcludePunctuation: true };
  const other = await create(again, secretsManagerResources, type, 'Keyring', { Name: 'keyring', GenerateSecretString: settings });
  expect((await run(again, again.double('secrets-manager'), 'GetSecretValue', { SecretId: other.ref }))['SecretString']).toBe(SecretString);
});

test('a password has each kind of character that is not excluded', async () => {
  for (const id of ['A', 'B', 'C']) {
    const value = await generate({ PasswordLength: 4 }, id);
    expect(value).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9]).{4}$/);
  }
  expect(await generate({ ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true, ExcludeCharacters: '012345678' })).toBe(
    '9'.repeat(32),
  );
  await expect(generate({ GenerateStringKey: 'k' }, 'D')).rejects.toThrow(/must be given together/);
});

test('is found by ARN, name and ARN without its end', async () => {
  for (const SecretId of [arn, 'keyring', arn.slice(0, -7)]) {
    expect(await send('GetSecretValue', { SecretId })).toMatchObject({ ARN: arn, Name: 'keyring', VersionStages: ['AWSCURRENT'] });
    expect(secrets.operations['GetSecretValue']?.permissions({ SecretId }, cloud)).toEqual([
      { action: 'secretsmanager:GetSecretValue', resource: arn },
    ]);
  }
  await expect(send('GetSecretValue', { SecretId: 'other' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
});

test('a new value becomes current, the last one previous', async () => {
  const first = await send('GetSecretValue');
  await send('PutSecretValue', { SecretString: 'two', ClientRequestToken: 'v2' });
  expect(await send('GetSecretValue')).toMatchObject({ SecretString: 'two', VersionId: 'v2' });
  expect(await send('GetSecretValue', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: first['SecretString'] });
  await send('PutSecretValue', { SecretString: 'two', ClientRequestToken: 'v2' });
  await expect(send('PutSecretValue', { SecretString: 'other', ClientRequestToken: 'v2' })).rejects.toMatchObject({
    code: 'ResourceExistsException',
  });
  await send('PutSecretValue', { SecretString: 'three', VersionStages: ['AWSPENDING'], ClientRequestToken: 'v3' });
  expect((await send('DescribeSecret'))['VersionIdsToStages']).toEqual({
    [first['VersionId'] as string]: ['AWSPREVIOUS'],
    v2: ['AWSCURRENT'],
    v3: ['AWSPENDING'],
  });
  await expect(send('GetSecretValue', { VersionStage: 'LAST' })).rejects.toThrow('the specified secret value for staging label: LAST');
  await expect(send('PutSecretValue', {})).rejects.toMatchObject({ code: 'InvalidParameterException' });
});

test('resources: an unchanged template keeps the value, policies attach, others are refused', async () => {
  const resource = secretsManagerResources.find((candidate) => candidate.type === type);
  const before = await send('GetSecretValue');
  const created = { ref: arn, attributes: {} };
  const properties = { Name: 'keyring', GenerateSecretString: { PasswordLength: 43 } };
  await resource?.update?.({ ...properties, Description: 'x' }, properties, created, stubContext(cloud, 'Keyring'));
  expect(await send('GetSecretValue')).toEqual(before);
  await resource?.update?.({ Name: 'keyring', SecretString: 'set' }, properties, created, stubContext(cloud, 'Keyring'));
  expect(await send('GetSecretValue')).toMatchObject({ SecretString: 'set' });
  const ResourcePolicy = { Statement: [] };
  await create(cloud, secretsManagerResources, 'AWS::SecretsManager::ResourcePolicy', 'P', { SecretId: arn, ResourcePolicy });
  expect(secrets.resourcePolicy(arn)).toEqual(ResourcePolicy);
  const replicated = create(cloud, secretsManagerResources, type, 'R', { ReplicaRegions: [{ Region: 'eu-west-1' }] });
  await expect(replicated).rejects.toThrow(/R: property ReplicaRegions is not supported/);
  await resource?.remove(created, properties, stubContext(cloud, 'Keyring'));
  await expect(send('GetSecretValue')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('lists secrets by their creation, page by page, with the stages of their versions', async () => {
  for (const name of ['second', 'third']) secrets.createSecret(name, { SecretString: name });
  const list = (input: Members = {}): Promise<Members> => run(cloud, secrets, 'ListSecrets', input);
  const names = ({ SecretList }: Members): unknown[] => (SecretList as Members[]).map(({ Name }) => Name);
  expect(names(await list())).toEqual(['keyring', 'second', 'third']);
  const first = await list({ MaxResults: 2, SortOrder: 'desc' });
  expect(names(first)).toEqual(['third', 'second']);
  expect(names(await list({ MaxResults: 2, SortOrder: 'desc', NextToken: first['NextToken'] }))).toEqual(['keyring']);
  const [keyring] = (await list())['SecretList'] as Members[];
  expect(keyring).toMatchObject({
    ARN: arn,
    SecretVersionsToStages: { [Object.keys(keyring?.['SecretVersionsToStages'] as object)[0] ?? '']: ['AWSCURRENT'] },
  });
  await expect(list({ NextToken: 'none' })).rejects.toMatchObject({ code: 'InvalidNextTokenException' });
  await expect(list({ Filters: [{ Key: 'name', Values: ['k'] }] })).rejects.toThrow('Filters are not supported');
});
