import type { Scenario, ScenarioAction, ScenarioArm } from './scenario-schema';

/** One assembly that the scenario needs: the charter with one arm's release. */
export interface PlannedDeployment {
  label: string;
  /** Arm whose release the charter names; its container is told by SLUICE_REHEARSAL_ARM. */
  arm: string;
  /** Merged over the charter's `release`. */
  release?: Record<string, unknown>;
  /** Merged over the charter. */
  change?: Record<string, unknown>;
  /** The stable release's own past: promoted at once, with no approval owed. */
  prehistory: boolean;
}

export const PREHISTORY = 'prehistory';
/** The charter as it is, with the release that is stable already: nothing starts, but what is asked for without a deploy owes what it says. */
export const STANDING = 'standing';
const STABLE_ARM = 'stable';

export const deploymentLabel = (actionIndex: number): string => `action-${actionIndex}`;

function planned(
  label: string,
  name: string,
  arms: Record<string, ScenarioArm>,
  prehistory: boolean,
  change?: Record<string, unknown>,
): PlannedDeployment {
  const release = arms[name]?.release;
  return { label, arm: name, prehistory, ...(release === undefined ? {} : { release }), ...(change === undefined ? {} : { change }) };
}

const WITHOUT_DEPLOY = new Set<ScenarioAction['do']>(['release', 'approve-package', 'rollback', 'revive', 'delegate', 'retrain']);

/** What must be synthesized before virtual time begins, in the order of deployment. */
export function planDeployments(scenario: Scenario): PlannedDeployment[] {
  const plan: PlannedDeployment[] = [];
  if (scenario.given.stable === 'promoted') {
    plan.push(planned(PREHISTORY, STABLE_ARM, scenario.arms, true));
    // What retraining releases by itself owes what the charter says, too.
    const withoutDeploy = scenario.training !== undefined || scenario.actions.some(({ do: what }) => WITHOUT_DEPLOY.has(what));
    if (withoutDeploy) plan.push(planned(STANDING, STABLE_ARM, scenario.arms, false));
  }
  let standing = STABLE_ARM;
  scenario.actions.forEach((action, index) => {
    if (action.do !== 'deploy') return;
    standing = action.release ?? standing;
    plan.push(planned(deploymentLabel(index), standing, scenario.arms, false, action.change));
  });
  return plan;
}
