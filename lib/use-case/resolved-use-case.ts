import { type Charter, type CharterResult, type EffectlessSetting, formatProblem } from '../../core/charter';
import type { Gate } from '../gates/gate';
import type { Baseline } from '../gateway/baseline';
import type { ModelSource } from '../model/model-source';
import type { AiUseCaseProps, UseCasePlatform } from './ai-use-case-props';

/** A use case whose charter is checked, however it was written. */
export interface ResolvedUseCase {
  charter: Charter;
  effectless: EffectlessSetting[];
  model: ModelSource;
  baseline: Baseline;
  gates: Gate[];
  /** Where a file that the charter names is. */
  fileOf: (written: string) => string;
  /** Path as written under `behaviour` → SHA-256 of the file. */
  behaviourFiles: Record<string, string>;
  platform: UseCasePlatform;
  /** Prices laid over the built-in ones. */
  pricesFile?: string;
  /** Of the charter's text; missing where there is none. */
  charterSha256?: string;
}

const fromCharters = new WeakMap<AiUseCaseProps, ResolvedUseCase>();

/** Props that stand for a charter that is checked already. */
export function propsFor(resolved: ResolvedUseCase): AiUseCaseProps {
  const props = { ...resolved.platform, name: resolved.charter.name, baseline: resolved.baseline, model: resolved.model } as AiUseCaseProps;
  fromCharters.set(props, resolved);
  return props;
}

export const resolvedBefore = (props: AiUseCaseProps): ResolvedUseCase | undefined => fromCharters.get(props);

/** One error with everything that must change, for people: where the checker stood does not help them. */
export function charterOrThrow(result: CharterResult, what: string): { charter: Charter; effectless: EffectlessSetting[] } {
  if (result.ok) return result;
  const count = result.problems.length === 1 ? '1 problem' : `${result.problems.length} problems`;
  const error = new Error(`${what} has ${count}:\n${result.problems.map(formatProblem).join('\n')}`);
  error.stack = `${error.name}: ${error.message}`;
  throw error;
}
