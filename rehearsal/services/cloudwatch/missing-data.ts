export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export interface EvaluationRule {
  /** N: how many data points are judged. */
  evaluationPeriods: number;
  /** M: how many of them must breach. */
  datapointsToAlarm: number;
  treatMissingData: MissingData;
}

/**
 * The state that data points lead to, by the user guide's tables on missing data; undefined: the state is kept.
 * `points`: oldest first, over the evaluation range, which is longer than the evaluation periods; undefined where data is missing.
 */
export function judge(points: (boolean | undefined)[], rule: EvaluationRule): AlarmState | undefined {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const real = points.filter((point) => point !== undefined);
  const state = (breaching: number): AlarmState => (breaching >= datapointsToAlarm ? 'ALARM' : 'OK');
  const breachingIn = (some: boolean[]): number => some.filter(Boolean).length;
  if (real.length >= evaluationPeriods) return state(breachingIn(real.slice(-evaluationPeriods)));

  const breaching = breachingIn(real);
  const toFill = evaluationPeriods - real.length;
  if (treatMissingData === 'breaching') return state(breaching + toFill);
  if (treatMissingData === 'notBreaching') return state(breaching);
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (real.includes(false)) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  // All that is known breaches. It alarms only once it is old enough: a next good data point could still make it premature.
  const oldestBreach = points.length - points.indexOf(true);
  return breaching > 0 && oldestBreach >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}
