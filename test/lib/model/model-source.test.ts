import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { ModelSource } from '../../../lib';
import { tarGz } from '../../../lib/model/tar';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';

const MODEL = path.join(CHARTER_FOLDER, 'model');
const inRegion = (region: string): Stack => testStack({ env: { region, account: '111122223333' } });

describe('ModelSource', () => {
  test('a model package is what it says; its image and data are read within the account', () => {
    const stack = testStack();
    const bound = ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/triage/7')._bind(stack);
    expect(bound).toMatchObject({ modelPackageArn: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/triage/7', environment: {} });
    const statements = stack.resolve(bound.statements.map((statement) => statement.toStatementJson())) as object[];
    expect(statements).toContainEqual(
      expect.objectContaining({
        Action: 's3:GetObject',
        Condition: { StringEquals: { 'aws:ResourceAccount': stack.resolve(stack.account) as unknown } },
      }),
    );
  });

  test('a container reads its own repository and its own artefact', () => {
    const image = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/triage:1.4.0';
    const stack = testStack();
    const bound = ModelSource.container({ image, artefact: 's3://models/triage/7.tar.gz' })._bind(stack);
    expect(bound.artefactUrl).toBe('s3://models/triage/7.tar.gz');
    const statements = stack.resolve(bound.statements.map((statement) => statement.toStatementJson())) as object[];
    expect(JSON.stringify(statements)).toContain(':ecr:eu-west-1:111122223333:repository/team/triage');
    expect(JSON.stringify(statements)).toContain(':s3:::models/triage/7.tar.gz');
  });

  test.each([
    ['eu-west-1', '141502667606'],
    ['us-east-1', '683313688378'],
  ])('scikit-learn in %s comes from account %s', (region, account) => {
    const bound = ModelSource.scikitLearn({ version: '1.2-1', artefact: MODEL })._bind(inRegion(region));
    expect(bound.image).toContain(`${account}.dkr.ecr.${region}.`);
    expect(bound.image).toMatch(/sagemaker-scikit-learn:1\.2-1-cpu-py3$/);
    expect(bound.environment).toMatchObject({ SAGEMAKER_PROGRAM: 'inference.py' });
  });

  test('scikit-learn in a stack without region looks the account up when it is deployed', () => {
    const stack = testStack();
    const bound = ModelSource.scikitLearn({ version: '1.2-1', artefact: MODEL })._bind(stack);
    expect(JSON.stringify(stack.resolve(bound.image))).toContain('Fn::FindInMap');
  });

  test('scikit-learn in a region that AWS does not serve is refused', () => {
    expect(() => ModelSource.scikitLearn({ version: '1.2-1', artefact: MODEL })._bind(inRegion('xx-nowhere-1'))).toThrow(
      /not known in xx-nowhere-1.*eu-west-1/,
    );
  });

  test('an artefact that is not there is refused', () => {
    expect(() => ModelSource.scikitLearn({ version: '1.2-1', artefact: 'no/model' })._bind(testStack())).toThrow(/no\/model is not there/);
  });
});

describe('tarGz', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-tar-'));
  mkdirSync(path.join(folder, 'code'));
  writeFileSync(path.join(folder, 'code', 'inference.py'), 'print(1)\n');
  writeFileSync(path.join(folder, 'weights.json'), JSON.stringify(Array.from({ length: 500 }, (_, index) => index)));

  test('is what tar reads', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-tar-')), 'model.tar.gz');
    writeFileSync(file, tarGz(folder));
    expect(execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).trim().split('\n')).toEqual(['code/inference.py', 'weights.json']);
    expect(execFileSync('tar', ['-xzOf', file, 'code/inference.py'], { encoding: 'utf8' })).toBe('print(1)\n');
  });

  test('does not change with the time of its files', () => {
    const before = tarGz(folder);
    utimesSync(path.join(folder, 'weights.json'), 1, 1);
    expect(tarGz(folder).equals(before)).toBe(true);
  });

  test('refuses an empty folder', () => {
    expect(() => tarGz(mkdtempSync(path.join(tmpdir(), 'sluice-empty-')))).toThrow(/is empty/);
  });
});
