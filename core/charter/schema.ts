import * as z from 'zod';
import { kebabName, mapOf, section } from './fields';
import { baseline } from './sections/baseline';
import { drift } from './sections/drift';
import { gates } from './sections/gates';
import { approvals, budget, review } from './sections/guardrails';
import { kpis } from './sections/kpis';
import { lanes } from './sections/lanes';
import { owners } from './sections/owners';
import { platform, tags } from './sections/platform';
import { purpose } from './sections/purpose';
import { release } from './sections/release';
import { retraining } from './sections/retraining';
import { rollout, rolloutOverlay } from './sections/rollout';
import { serving, servingOverlay } from './sections/serving';

/** `usecase.yaml`, as written. What it says is checked here field by field; how fields fit together: `checks.ts`. */
export const charterSchema = section({
  schema: z.literal('sluice/v1', { error: 'sluice/v1' }),
  name: kebabName(3, 32),
  charter: purpose,
  owners,
  kpis,
  baseline,
  release,
  serving,
  rollout: rollout.prefault({}),
  gates: gates.default([]),
  approvals: approvals.prefault({}),
  lanes: lanes.default([]),
  review: review.optional(),
  budget: budget.optional(),
  drift: drift.optional(),
  retraining: retraining.optional(),
  tags: tags.default({}),
  platform: platform.prefault({}),
  /** Variants of the sections serving and rollout, chosen at synth, e.g. a CPU profile for accounts without GPU quota. */
  profiles: mapOf(
    /^[a-z][a-z0-9-]{0,31}$/,
    section({ serving: servingOverlay, rollout: rolloutOverlay.optional() }),
    'a mapping from profile to { serving, rollout }',
  ).default({}),
});

/** The checked charter: same keys as the file, defaults filled in, durations in minutes under names that say so. */
export type Charter = z.output<typeof charterSchema>;

export type { Kpi } from './sections/kpis';
