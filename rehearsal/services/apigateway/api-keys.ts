import type { Members } from '../../cloud/types';

export interface ApiKey {
  readonly id: string;
  readonly value: string;
  enabled: boolean;
}

export interface UsagePlan {
  readonly id: string;
  /** `<api>/<stage>`. */
  stages: ReadonlySet<string>;
  readonly keyIds: Set<string>;
}

/** API keys and the plans that let them into stages. Throttling and quotas are not simulated. */
export class ApiKeys {
  readonly keys = new Map<string, ApiKey>();
  readonly plans = new Map<string, UsagePlan>();

  /** The key with this value, if a usage plan lets it into the stage. */
  admitted(value: string | undefined, apiId: string, stage: string): ApiKey | undefined {
    const key = [...this.keys.values()].find((candidate) => candidate.value === value && candidate.enabled);
    if (key === undefined) return undefined;
    const plans = [...this.plans.values()];
    return plans.some(({ stages, keyIds }) => keyIds.has(key.id) && stages.has(`${apiId}/${stage}`)) ? key : undefined;
  }
}

export const planStages = (properties: Members): ReadonlySet<string> =>
  new Set(((properties['ApiStages'] ?? []) as Members[]).map(({ ApiId, Stage }) => `${String(ApiId)}/${String(Stage)}`));
