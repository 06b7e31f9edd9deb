import { isNamedPerson, isPrincipal, personOf, rolesOf, withoutPerson } from '../../../core/release/principals';

const role = 'arn:aws:iam::111122223333:role/ModelRisk';

describe('principals', () => {
  test.each([
    ['the very ARN', role, role, true],
    ['a session of the role', 'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna', role, true],
    [
      'a session of a role with a path',
      'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna',
      'arn:aws:iam::111122223333:role/team/x/ModelRisk',
      true,
    ],
    ["another account's role of that name", 'arn:aws:sts::999999999999:assumed-role/ModelRisk/anna', role, false],
    ['another partition', 'arn:aws-cn:sts::111122223333:assumed-role/ModelRisk/anna', role, false],
    ['a session that calls itself so', 'arn:aws:sts::111122223333:assumed-role/Other/ModelRisk', role, false],
    ['a role that begins so', 'arn:aws:sts::111122223333:assumed-role/ModelRiskAdmin/anna', role, false],
    ['a user of that name', 'arn:aws:iam::111122223333:user/ModelRisk', role, false],
  ])('%s', (_, signer, principal, expected) => {
    expect(isPrincipal(signer, principal)).toBe(expected);
  });

  test('name the roles they may act in', () => {
    const owners = { risk: [role], quality: ['arn:aws:iam::111122223333:role/MlLead', role], process: [] };
    expect(rolesOf('arn:aws:sts::111122223333:assumed-role/ModelRisk/anna', owners)).toEqual(['risk', 'quality']);
  });
});

describe('people', () => {
  const sso = (set: string, name: string, account = '111122223333'): string =>
    `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_${set}_0a1b2c3d4e5f6a7b/${name}`;

  test.each([
    [
      'two sessions of a role are one',
      'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna',
      'arn:aws:sts::111122223333:assumed-role/ModelRisk/ben',
      true,
    ],
    [
      'a session is its role, whatever the path',
      'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna',
      'arn:aws:iam::111122223333:role/team/ModelRisk',
      true,
    ],
    ['two people of Identity Center are two', sso('Risk', 'anna@example.com'), sso('Risk', 'ben@example.com'), false],
    ['a person with two permission sets is one', sso('Risk', 'anna@example.com'), sso('Quality', 'Anna@example.com', '999999999999'), true],
    [
      'two roles are two',
      'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna',
      'arn:aws:sts::111122223333:assumed-role/MlLead/anna',
      false,
    ],
    ['two users are two', 'arn:aws:iam::111122223333:user/anna', 'arn:aws:iam::111122223333:user/ben', false],
    [
      'a role of the same name elsewhere is another',
      'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna',
      'arn:aws:sts::999999999999:assumed-role/ModelRisk/anna',
      false,
    ],
    [
      'whoever calls himself like a person is none',
      sso('Risk', 'anna@example.com'),
      'arn:aws:sts::111122223333:assumed-role/Other/anna@example.com',
      false,
    ],
  ])('%s', (_, one, other, same) => {
    expect(personOf(one) === personOf(other)).toBe(same);
  });

  test('a deploy is nobody but itself', () => {
    expect(personOf('deploy')).toBe('deploy');
  });

  test('only Identity Center names people', () => {
    expect([isNamedPerson(sso('Risk', 'anna@example.com')), isNamedPerson('arn:aws:sts::111122223333:assumed-role/Risk/anna')]).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    [sso('Risk', 'anna@example.com'), 'arn:aws:iam::111122223333:role/AWSReservedSSO_Risk_0a1b2c3d4e5f6a7b'],
    ['arn:aws:iam::111122223333:user/team/anna', 'arn:aws:iam::111122223333:user/…'],
    ['arn:aws:iam::111122223333:role/ModelRisk', 'arn:aws:iam::111122223333:role/ModelRisk'],
    ['deploy', 'deploy'],
  ])('%s is named without a person', (arn, expected) => {
    expect(withoutPerson(arn)).toBe(expected);
  });
});
