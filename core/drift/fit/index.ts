import type { DriftPolicy } from '../../contracts/drift';
import type { Sample } from '../count';
import type { DriftBaseline } from '../types';

/** The layout and the counts of a sample of rows. BadInputError where it has no row, or no row has any watched value. */
export declare function fitBaseline(sample: Sample, policy: DriftPolicy, source: DriftBaseline['source']): DriftBaseline;

/** What SageMaker Model Monitor's baseline job wrote, parsed from JSON. BadInputError names what was expected where. */
export declare function baselineFromStatistics(
  statistics: unknown,
  constraints: unknown,
  policy: DriftPolicy,
  source: DriftBaseline['source'],
): DriftBaseline;
