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
export function judge(points: readonly (boolean | undefined)[], rule: EvaluationRule): AlarmState | undefined {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  let real = 0;
  let breaching = 0;
  let oldestBreach = 0;
  for (let back = 1; back <= points.length && real < evaluationPeriods; back += 1) {
    const point = points[points.length - back];
    if (point === undefined) continue;
    real += 1;
    if (!point) continue;
    breaching += 1;
    oldestBreach = back;
  }
  const state = (count: number): AlarmState => (count >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (real === evaluationPeriods) return state(breaching);

  if (treatMissingData === 'breaching') return state(breaching + evaluationPeriods - real);
  if (treatMissingData === 'notBreaching') return state(breaching);
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (real > breaching) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  // All that is known breaches. It alarms only once it is old enough: a next good data point could still make it premature.
  return breaching > 0 && oldestBreach >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}
