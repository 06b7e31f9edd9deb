import type { AlarmCase } from './case';
import { compositeCases } from './composite';
import { mOfNCases } from './m-of-n';
import { mathCases } from './math';
import { missingDataCases } from './missing-data';
import { muteCases } from './mute';
import { specialCases } from './special';
import { statisticsCases } from './statistics';
import { suppressionCases } from './suppression';

export const CASES: Record<string, AlarmCase[]> = {
  'missing data': missingDataCases,
  'M of N': mOfNCases,
  statistics: statisticsCases,
  'metric math': mathCases,
  'composite alarms': compositeCases,
  'actions suppressor': suppressionCases,
  'mute rules': muteCases,
  'high resolution, late data, actions': specialCases,
};
