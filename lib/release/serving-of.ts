import { serving, type Serving } from '../../core/charter/sections/serving';
import { servingFindings } from '../../core/charter/serving-checks';
import type { ServingPolicy } from './serving-policy';
import { writtenServing } from './written-serving';

const fromCharters = new WeakMap<ServingPolicy, Serving>();

/** A policy that stands for a charter's section, which is checked already. */
export function policyOfCharter(section: Serving): ServingPolicy {
  const policy: ServingPolicy = { instanceType: section.instance };
  fromCharters.set(policy, section);
  return policy;
}

/** The serving section that a policy stands for, by the charter's own rules. */
export function servingOf(policy: ServingPolicy): Serving {
  const known = fromCharters.get(policy);
  if (known !== undefined) return known;
  const parsed = serving.safeParse(JSON.parse(JSON.stringify(writtenServing(policy))));
  if (!parsed.success) {
    const told = parsed.error.issues.map(({ path, message }) => `serving.${path.map(String).join('.')}: allowed is ${message}`);
    throw new Error(`${told.join('; ')}.`);
  }
  const [finding] = servingFindings({ serving: parsed.data, platform: {}, gates: [] });
  if (finding !== undefined) throw new Error(`${finding.path.map(String).join('.')} ${finding.message}: allowed is ${finding.allowed}.`);
  return parsed.data;
}
