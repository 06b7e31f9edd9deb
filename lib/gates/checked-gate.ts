import { gateProblems } from '../../core/charter/gate-checks';
import { type CharterGate, gate as gateSchema } from '../../core/charter/sections/gates';

/** A gate that stands in code, by the rules of the charter. */
export function checkedGate(written: Record<string, unknown>): CharterGate {
  const parsed = gateSchema.safeParse(withoutUndefined(written));
  const problems = parsed.success
    ? gateProblems(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} is not allowed; allowed: ${message}`);
  if (!parsed.success || problems.length > 0) {
    throw new Error(`The gate ${JSON.stringify(written.name)} cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
  return parsed.data;
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutUndefined(item)]));
}
