import type { Charter } from '../../core/charter';
import type { NamedScenario, RehearsalJob } from '../../rehearsal';

/** Everything that the simulation thread needs to know of one scenario. */
export function jobOf(
  directory: string,
  charter: Charter,
  named: NamedScenario,
  seed: number,
  assemblies: Record<string, string>,
): RehearsalJob {
  const principals = Object.fromEntries(Object.entries(charter.owners).map(([role, owner]) => [role, owner?.principals[0] ?? '']));
  const kpis = charter.kpis.map(({ name, better, attribution, target }) => ({
    name,
    better,
    ...(attribution === undefined ? {} : { attribution }),
    ...(target === undefined ? {} : { target: target.value }),
  }));
  const { existingEndpoint } = charter.platform;
  const modelPackage = charter.release.model.package;
  const group = charter.release.registry?.group;
  return {
    directory,
    useCase: charter.name,
    scenarioName: named.name,
    scenario: named.scenario,
    seed,
    assemblies,
    principals,
    kpis,
    modelPackages: modelPackage === undefined ? [] : [modelPackage],
    ...(group === undefined ? {} : { modelPackageGroup: group.slice(group.lastIndexOf('/') + 1) }),
    ...(existingEndpoint === undefined ? {} : { existingEndpoint }),
    chatWebhooks: chatWebhooksOf(charter, named),
  };
}

/** The charter's, and those that a deploy of the scenario brings. */
function chatWebhooksOf({ platform }: Charter, { scenario }: NamedScenario): string[] {
  const changed = scenario.actions.map(({ change }) => (change?.['platform'] as { chatWebhook?: unknown } | undefined)?.chatWebhook);
  return [...new Set([platform.chatWebhook, ...changed].filter((name) => typeof name === 'string'))];
}
