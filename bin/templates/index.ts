import { appTemplate, cdkJson, gitIgnore, packageJson } from './app';
import { charterTemplate } from './charter';
import {
  badCandidate,
  badCandidateModel,
  baselineModule,
  candidateModel,
  goodCandidate,
  inferenceScript,
  modelData,
  outcomesModule,
  stableModel,
  trafficModule,
} from './scenarios';

export { existingAppHint } from './app';

/** Relative path → content of everything that a use case is made of. */
export const useCaseFiles = (name: string): Record<string, string> => ({
  'usecase.yaml': charterTemplate(name),
  'baseline.mjs': baselineModule,
  'model/model.json': modelData,
  'model/code/inference.py': inferenceScript,
  'models/stable.mjs': stableModel,
  'models/candidate.mjs': candidateModel,
  'models/candidate-bad.mjs': badCandidateModel,
  'traffic.mjs': trafficModule,
  'outcomes.mjs': outcomesModule,
  'scenarios/good-candidate.yaml': goodCandidate,
  'scenarios/bad-candidate.yaml': badCandidate,
});

/** What a folder needs besides to be a CDK app. */
export const appFiles = (name: string): Record<string, string> => ({
  'cdk.json': cdkJson,
  'app.cjs': appTemplate(name),
  'package.json': packageJson(name),
  '.gitignore': gitIgnore,
});
