export { watchHeartbeat } from './kernel/heartbeat';
export type { Progress, RehearsalJob } from './world/job';
export { loadScenarios, type NamedScenario } from './world/load-scenario';
export { checkFaults } from './world/check-faults';
export type { WorkerMessage } from './world/messages';
export { planDeployments, type PlannedDeployment } from './world/plan';
export { succeeded, type RehearsalResult } from './world/result';
export type { Rehearsal } from './world/run';
export { ARM_VARIABLE } from './world/containers';
