import { createHash } from 'node:crypto';
import path from 'node:path';
import { ARM_VARIABLE, planDeployments, type NamedScenario, type PlannedDeployment } from '../../rehearsal';
import type { SynthesizeOptions } from '../synthesize';

/** In this thread or in another. */
export type Synthesize = (options: SynthesizeOptions) => { assemblyDir: string } | Promise<{ assemblyDir: string }>;

/** Synthesizes what scenarios deploy; the same deployment is synthesized once. */
export class Assemblies {
  private readonly made = new Map<string, string>();

  constructor(
    private readonly useCaseDirectory: string,
    private readonly profile: string | undefined,
    private readonly outputDirectory: string,
    private readonly synthesize: Synthesize,
  ) {}

  /** Directory of the assembly for each deployment of a scenario, by label. */
  async of({ scenario }: NamedScenario): Promise<Record<string, string>> {
    const directories: Record<string, string> = {};
    for (const deployment of planDeployments(scenario)) directories[deployment.label] = await this.one(deployment);
    return directories;
  }

  private async one(deployment: PlannedDeployment): Promise<string> {
    const key = createHash('sha256')
      .update(JSON.stringify({ ...deployment, label: undefined }))
      .digest('hex')
      .slice(0, 16);
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const { release, change } = deployment;
    const { assemblyDir } = await this.synthesize({
      charterPath: this.useCaseDirectory,
      outdir: path.join(this.outputDirectory, key),
      environment: { [ARM_VARIABLE]: deployment.arm },
      overrides: { ...change, ...(release === undefined ? {} : { release }) },
      validation: false,
      ...(this.profile === undefined ? {} : { profile: this.profile }),
      ...(deployment.prehistory ? { strategy: 'all-at-once' as const } : {}),
    });
    this.made.set(key, assemblyDir);
    return assemblyDir;
  }
}
