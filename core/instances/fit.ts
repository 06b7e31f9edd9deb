import type { InstanceFacts } from './facts';

/**
 * What a model takes beside its weights (key-value cache, activations, the framework) is a fifth of them:
 * "Total Memory Inference ≈ 1.2 × Model Memory", EleutherAI, Transformer Math 101, https://blog.eleuther.ai/transformer-math/.
 * Long contexts and many requests at once take more: then measure.
 */
const MEMORY_PER_WEIGHT_BYTE = 1.2;

export const FIT_RULE =
  'memory needed = parameters x bytes each x 1.2 (EleutherAI, Transformer Math 101), in the memory of all accelerators together, or of the instance where it has none';

const BYTES_PER_GIB = 1024 ** 3;

export interface ModelSize {
  parametersBillion: number;
  /** Of one parameter: 32, 16, 8 or 4. */
  bits: number;
}

/** GiB that the model needs while it serves. */
export const memoryNeededGib = ({ parametersBillion, bits }: ModelSize): number =>
  (parametersBillion * 1e9 * (bits / 8) * MEMORY_PER_WEIGHT_BYTE) / BYTES_PER_GIB;

/** Memory that a model can use: the accelerators' together, else the instance's. */
export const modelMemoryGib = (facts: InstanceFacts): number =>
  facts.accelerators > 0 ? facts.accelerators * (facts.acceleratorMemoryGib ?? 0) : facts.memoryGib;

export const fits = (model: ModelSize, facts: InstanceFacts): boolean => memoryNeededGib(model) <= modelMemoryGib(facts);

export interface ModelsThatFit {
  /** Largest number of parameters, in billions, in 16 bits each. */
  parametersBillion16Bit: number;
  rule: string;
}

/** What runs on such an instance. A model on several accelerators has to be split across them. */
export function modelsThatFit(facts: InstanceFacts): ModelsThatFit {
  const perBillion = memoryNeededGib({ parametersBillion: 1, bits: 16 });
  return { parametersBillion16Bit: Math.floor((modelMemoryGib(facts) / perBillion) * 10) / 10, rule: FIT_RULE };
}
