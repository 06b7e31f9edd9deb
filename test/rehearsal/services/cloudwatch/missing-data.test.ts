import { judge, type MissingData } from '../../../../rehearsal/services/cloudwatch/missing-data';

const TREATMENTS: MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const POINT: Record<string, boolean | undefined> = { '0': false, X: true, '-': undefined };
const points = (text: string): (boolean | undefined)[] => text.split(' ').map((sign) => POINT[sign]);
const outcomes = (text: string, datapointsToAlarm: number): string[] =>
  TREATMENTS.map((treatMissingData) => judge(points(text), { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }) ?? 'keep');

describe('the tables of the user guide, columns missing, ignore, breaching, notBreaching', () => {
  test.each([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', 'keep', 'ALARM', 'OK'],
    ['- - - - X', 'INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK'],
    ['- - - X -', 'INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK'],
    ['X - - - -', 'ALARM', 'keep', 'ALARM', 'OK'],
  ])('3 out of 3: %s', (text, ...expected) => {
    expect(outcomes(text, 3)).toEqual(expected);
  });

  test.each([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - X', 'INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', 'keep', 'ALARM', 'OK'],
  ])('2 out of 3: %s', (text, ...expected) => {
    expect(outcomes(text, 2)).toEqual(expected);
  });
});

test('with all data there, only the evaluation periods count', () => {
  expect(outcomes('X X 0 0 0', 2)).toEqual(['OK', 'OK', 'OK', 'OK']);
  expect(outcomes('0 0 0 X X', 2)).toEqual(['ALARM', 'ALARM', 'ALARM', 'ALARM']);
});
