import * as z from 'zod';
import type { ReleaseSpec } from '../../core/contracts';

/** The specification was checked when the stack was synthesized; here only its frame is. */
const specSchema = z
  .object({
    useCase: z.string(),
    model: z.looseObject({ environment: z.record(z.string(), z.string()) }),
    serving: z.looseObject({ instanceType: z.string(), minInstances: z.number() }),
    behaviour: z.record(z.string(), z.unknown()),
    rollout: z.looseObject({ steps: z.array(z.looseObject({ weight: z.number(), bakeMinutes: z.number() })), holdout: z.number() }),
    kpis: z.array(z.looseObject({ name: z.string() })),
    approvals: z.looseObject({ requiredRoles: z.array(z.string()) }),
  })
  .loose();

export function readSpec(properties: Record<string, unknown>, useCase: string): ReleaseSpec {
  const text = properties['Release'];
  if (typeof text !== 'string') {
    throw new Error(`Property Release of Custom::SluiceDesiredRelease must be the JSON of a release, got ${typeof text}`);
  }
  const parsed = specSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(`Property Release of Custom::SluiceDesiredRelease: ${z.prettifyError(parsed.error)}`);
  }
  if (parsed.data.useCase !== useCase) {
    throw new Error(`Property Release belongs to use case '${parsed.data.useCase}', this stack is '${useCase}'`);
  }
  return parsed.data as unknown as ReleaseSpec;
}
