import type { DriftPolicy } from '../../contracts/drift';
import type { DriftBaseline } from '../types';
import { columnOf, type Constraints } from './statistics';

type Demands = NonNullable<DriftBaseline['constraints']>;
type Monitoring = NonNullable<Constraints['monitoring_config']>;

/** No distance is above it. */
const NEVER = 1;

/** What `constraints.json` demands of the watched features. */
export function demandsOf(constraints: Constraints, policy: DriftPolicy): Demands {
  return Object.fromEntries(
    policy.features.flatMap((feature) => {
      const found = columnOf(feature, constraints.features);
      return found === undefined ? [] : [[feature.name, demandOf(found, feature.kind, constraints.monitoring_config)]];
    }),
  );
}

function demandOf(
  { completeness, num_constraints: numbers, string_constraints: texts, ...overrides }: Constraints['features'][number],
  kind: string,
  all: Monitoring | undefined,
): Demands[string] {
  const threshold =
    thresholdOf(overrides.monitoring_config_overrides) ?? thresholdOf(overrides.monitoringConfigOverrides) ?? thresholdOf(all);
  return {
    ...(threshold === undefined ? {} : { threshold }),
    ...(completeness === undefined ? {} : { completenessAtLeast: completeness }),
    ...(kind === 'numeric' && numbers?.is_non_negative === true ? { atLeast: 0 } : {}),
    ...(kind === 'categorical' && texts?.domains !== undefined && texts.domains.length > 0 ? { oneOf: texts.domains } : {}),
  };
}

/** How far a distribution may move: SageMaker's L∞ distance and ours, √JSD, are of one size for shifts of 0.1 to 0.5 deviations. */
function thresholdOf(monitoring: Monitoring | undefined): number | undefined {
  const { perform_comparison: compares, comparison_threshold: threshold } = monitoring?.distribution_constraints ?? {};
  return compares === 'Disabled' ? NEVER : threshold;
}
