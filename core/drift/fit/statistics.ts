import * as z from 'zod';
import type { FeaturePolicy } from '../../contracts/drift';

/** What Model Monitor's baseline job writes, as far as it is read here. */

const count = z.int('a whole number').min(0, 'a number of rows, 0 or more');
const share = z.number('a number').min(0, 'a share from 0 to 1').max(1, 'a share from 0 to 1');

const common = z.object({ num_present: count, num_missing: count }, 'an object with num_present and num_missing');

const sketch = z.object(
  {
    /** Items of level i stand for 2^i rows each. */
    data: z
      .array(z.array(z.number('a number'), 'a list of numbers'), 'levels of the KLL sketch: a list of lists of numbers')
      .max(50, 'at most 50 levels'),
  },
  'the KLL sketch: an object with data',
);

const numerical = z.object(
  {
    common,
    distribution: z.object({ kll: z.object({ sketch }, 'an object with sketch (buckets alone are too coarse)') }, 'an object with kll'),
  },
  'an object with common and distribution',
);

const bucket = z.object({ value: z.string('a text'), count }, 'an object with value and count');

const string = z.object(
  {
    common,
    distinct_count: z.number('a number').optional(),
    distribution: z.object(
      { categorical: z.object({ buckets: z.array(bucket, 'a list of { value, count }') }, 'an object with buckets') },
      'an object with categorical',
    ),
  },
  'an object with common and distribution',
);

const feature = z.object(
  {
    name: z.string('the name of a column'),
    inferred_type: z.string('Fractional, Integral, String or Unknown'),
    numerical_statistics: numerical.optional(),
    string_statistics: string.optional(),
  },
  'an object with name, inferred_type and statistics',
);

export const statisticsSchema = z.object(
  {
    dataset: z.object({ item_count: count }, 'an object with item_count').optional(),
    features: z.array(feature, 'a list of features').min(1, 'at least one feature'),
  },
  "what Model Monitor's baseline job writes: an object with features",
);

const distributionConstraints = z.object(
  {
    perform_comparison: z.enum(['Enabled', 'Disabled'], "'Enabled' or 'Disabled'").optional(),
    comparison_threshold: share.optional(),
    comparison_method: z.enum(['Simple', 'Robust'], "'Simple' or 'Robust'").optional(),
    /** So the documents spell it in places. */
    comparion_method: z.enum(['Simple', 'Robust'], "'Simple' or 'Robust'").optional(),
  },
  'an object with comparison_threshold',
);

const monitoring = z.object({ distribution_constraints: distributionConstraints.optional() }, 'an object with distribution_constraints');

const constraint = z.object(
  {
    name: z.string('the name of a column'),
    completeness: share.optional(),
    num_constraints: z.object({ is_non_negative: z.boolean('true or false').optional() }, 'an object with is_non_negative').optional(),
    string_constraints: z
      .object({ domains: z.array(z.string('a text'), 'a list of texts').optional() }, 'an object with domains')
      .optional(),
    monitoring_config_overrides: monitoring.optional(),
    monitoringConfigOverrides: monitoring.optional(),
  },
  'an object with name',
);

export const constraintsSchema = z.object(
  { features: z.array(constraint, 'a list of features'), monitoring_config: monitoring.optional() },
  "what Model Monitor's baseline job writes: an object with features",
);

export type FeatureStatistics = z.output<typeof feature>;
export type NumericalStatistics = z.output<typeof numerical>;
export type StringStatistics = z.output<typeof string>;
export type Constraints = z.output<typeof constraintsSchema>;

/** The column of the feature's name, else of its path, as in a table of training data. */
export function columnOf<Column extends { name: string }>({ name, path }: FeaturePolicy, columns: Column[]): Column | undefined {
  return columns.find((column) => column.name === name) ?? columns.find((column) => column.name === path);
}
