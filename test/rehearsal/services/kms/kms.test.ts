import { createKms, kmsResources } from '../../../../rehearsal/services/kms';
import { create, stubCloud, stubContext } from '../cloud-stub';

test('keys and aliases are names with a policy; operations there are none', async () => {
  const cloud = stubCloud();
  const kms = createKms(cloud);
  cloud.add(kms);
  const KeyPolicy = { Statement: [] };
  const one = await create(cloud, kmsResources, 'AWS::KMS::Key', 'One', { KeyPolicy });
  const two = await create(cloud, kmsResources, 'AWS::KMS::Key', 'Two', {});
  expect(one.attributes['Arn']).toBe(`arn:aws:kms:eu-central-1:123456789012:key/${one.ref}`);
  expect(two.ref).not.toBe(one.ref);
  expect(kms.resourcePolicy(one.attributes['Arn'] as string)).toBe(KeyPolicy);
  const account = { AWS: 'arn:aws:iam::123456789012:root' };
  expect(kms.resourcePolicy(two.attributes['Arn'] as string)).toMatchObject({ Statement: [{ Principal: account, Action: 'kms:*' }] });
  expect(kms.resourcePolicy(`${two.attributes['Arn'] as string}0`)).toBeUndefined();
  expect(Object.keys(kms.operations)).toEqual([]);
  const alias = { AliasName: 'alias/evidence', TargetKeyId: one.ref };
  const created = await create(cloud, kmsResources, 'AWS::KMS::Alias', 'Alias', alias);
  expect(created.ref).toBe('alias/evidence');
  await expect(create(cloud, kmsResources, 'AWS::KMS::Alias', 'Again', alias)).rejects.toMatchObject({ code: 'AlreadyExistsException' });
  const type = kmsResources.find((candidate) => candidate.type === 'AWS::KMS::Alias');
  expect(() => type?.update?.({ ...alias, AliasName: 'alias/x' }, alias, created, stubContext(cloud, 'Alias'))).toThrow(/Keep the name/);
  await type?.remove(created, alias, stubContext(cloud, 'Alias'));
  await create(cloud, kmsResources, 'AWS::KMS::Alias', 'Again', alias);
});
