import type { Command } from '../io';
import * as audit from './audit';
import * as backtest from './backtest';
import type { DecisionName } from './decide';
import { decisionCommand } from './decide';
import * as drift from './drift';
import * as incident from './incident';
import { delegateCommand } from './delegate';
import * as init from './init';
import * as kpi from './kpi';
import type { OperationName } from './operate';
import { operationCommand } from './operate';
import { releaseCommand } from './release';
import * as retrain from './retrain';
import * as size from './size';
import * as validate from './validate';

export interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<Command>;
}

const entry = (name: string, summary: string, command: Command): CommandEntry => ({ name, summary, load: () => Promise.resolve(command) });
const decision = (name: DecisionName, summary: string): CommandEntry => entry(name, summary, decisionCommand(name));
const operation = (name: OperationName, summary: string): CommandEntry => entry(name, summary, operationCommand(name));

export const COMMANDS: CommandEntry[] = [
  entry('init', 'writes a first use case into a folder', init),
  entry('validate', 'checks a charter and says how much traffic a verdict takes', validate),
  // Loaded only when called: it brings the CDK and the laptop cloud.
  { name: 'rehearse', summary: 'runs a use case and its scenarios here, on virtual time', load: () => import('./rehearse.js') },
  entry('backtest', 'runs a policy over recorded outcomes of two arms', backtest),
  entry('drift', 'says whether rows are still like a baseline; drift of a deployed use case', drift),
  entry('size', 'says which instances answer a load, how many, and at what price', size),
  entry('kpi', 'sends KPI observations, and tells of rejected ones and replays them', kpi),
  // Loaded only when called: it brings the SDK.
  { name: 'status', summary: 'says who answers, what is in progress, and what needs somebody', load: () => import('./status.js') },
  // Loaded only when called: it brings the SDK.
  { name: 'cost', summary: 'says what the use case costs, and lifts orders of its budget', load: () => import('./cost.js') },
  entry('audit', 'verifies evidence, and tells what it says of a release or a decision', audit),
  entry('release', 'asks for a release', releaseCommand()),
  decision('approve', 'approves a release that waits for your role'),
  decision('reject', 'rejects a release that waits for your role'),
  entry('delegate', 'lends your role for a time', delegateCommand()),
  entry('retrain', 'starts a retraining run', retrain),
  operation('rollback', 'takes the candidate off traffic'),
  operation('kill', 'turns the kill switch on: the baseline answers everything'),
  operation('revive', 'turns the kill switch off'),
  operation('park', 'switches the endpoint off: the baseline answers'),
  operation('wake', 'switches the endpoint on again'),
  entry('incident', 'lists incidents, and takes your word that they are seen or over', incident),
];
