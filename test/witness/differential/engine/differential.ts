import type { Explanation } from './explanation';
import { explained } from '../explained';
import { defaultSeed, hunt, seed, times } from './hunt';
import type { Area, Findings } from './hunt';
import { ourSide, witnessSide } from './sides';
import type { OurSide, Side } from './sides';

function report(name: string, findings: Findings): string {
  const known = [...findings.explained]
    .filter(([, count]) => count > 0)
    .map(([{ title, right }, count]) => `  ${count} × ${title} (right: ${right})`);
  return [`${name}: ${findings.cases} cases, ${findings.calls} calls on each side, seed ${seed}`, ...known].join('\n');
}

/** Tests of a service: each area's generated cases against both sides, and that every explained difference still occurs. */
export function differential(
  service: string,
  areas: readonly Area<unknown>[],
  prepare?: (ours: OurSide, witness: Side) => Promise<void>,
): void {
  const ours = ourSide();
  const witness = witnessSide();
  const occurred = new Map<Explanation, number>();
  const own = explained.filter(({ area }) => area.startsWith(service));

  beforeAll(() => prepare?.(ours, witness));
  afterAll(() => witness.close());

  it.each(areas.map((area) => [area.name, area] as const))('%s', async (name, area) => {
    const findings = await hunt(area, { ours, witness }, own);
    for (const [explanation, count] of findings.explained) occurred.set(explanation, (occurred.get(explanation) ?? 0) + count);
    process.stdout.write(`${report(name, findings)}\n`);
    if (findings.unexplained !== undefined) throw new Error(findings.unexplained);
  });

  // Other seeds and shorter runs need not meet all of them.
  const whole = seed === defaultSeed && times >= 1;
  (whole ? it : it.skip)('every explained difference still occurs', () => {
    const gone = own.filter((explanation) => (occurred.get(explanation) ?? 0) === 0).map(({ title }) => title);
    expect(gone).toEqual([]);
  });
}
