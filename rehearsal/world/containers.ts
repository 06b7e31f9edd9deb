import type { ContainerAnswer, ContainerResolver, Random } from '../cloud/types';
import { armSchema, type ScenarioArm } from './scenario-schema';
import { BadInputError } from '../../core/errors';
import { TRAINED_ARM, type TrainedModels } from './trained-models';
import { loadModel, messageOf, type ModelModule, type StreamedParts } from './user-modules';

/** Prompt, thresholds and the like of a release, as its container gets them. */
const BEHAVIOUR_VARIABLE = 'SLUICE_BEHAVIOUR';

const behaviourOf = (environment: Record<string, string>): Record<string, unknown> =>
  JSON.parse(environment[BEHAVIOUR_VARIABLE] ?? '{}') as Record<string, unknown>;

/** Set in the environment of every model that a rehearsal synthesizes: which arm of the scenario its container plays. */
export const ARM_VARIABLE = 'SLUICE_REHEARSAL_ARM';

const Z_95 = 1.6448536269514722;

/** Stops virtual time while something takes real time; returns its end. */
export type Hold = (what: string) => () => void;

interface Container {
  arm: ScenarioArm;
  model: ModelModule;
  random: Random;
  hold: Hold;
  /** Until its model is there. */
  loading?: Promise<void> | undefined;
}

/** Standard normal deviate (Box–Muller). */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Log-normal latency through the arm's p50 and p95. */
export function drawLatencyMillis(arm: ScenarioArm, random: Random): number {
  const { p50, p95 } = arm.latencyMs;
  const sigma = Math.max(0, Math.log(p95 / p50)) / Z_95;
  return Math.max(1, Math.round(p50 * Math.exp(sigma * normal(random))));
}

const answerOf = (status: number, value: unknown, latencyMillis: number): ContainerAnswer => ({
  status,
  body: new TextEncoder().encode(JSON.stringify(value)),
  contentType: 'application/json',
  latencyMillis,
});

/** The arm's latency is that of the first part. */
function streamedAnswer({ contentType, parts, brokenBy }: StreamedParts, latencyMillis: number): ContainerAnswer {
  const chunks = parts.map(({ afterMillis, text }) => ({ afterMillis, body: new TextEncoder().encode(text) }));
  const body = new Uint8Array(Buffer.concat(chunks.map((chunk) => chunk.body)));
  return { status: 200, body, contentType, latencyMillis, chunks, ...(brokenBy === undefined ? {} : { brokenBy }) };
}

async function predict(container: Container, body: Uint8Array, behaviour: Record<string, unknown>): Promise<ContainerAnswer> {
  if (container.loading !== undefined) await container.loading;
  const { arm, model, random, hold } = container;
  const latencyMillis = drawLatencyMillis(arm, random);
  if (random.next() < arm.errorRate) return answerOf(500, { error: 'the container failed' }, latencyMillis);
  try {
    const request: unknown = JSON.parse(new TextDecoder().decode(body));
    if (model.stream !== undefined) return streamedAnswer(model.stream(request, { random: () => random.next(), behaviour }), latencyMillis);
    return answerOf(200, await held(model.predict(request, { random: () => random.next(), behaviour }), hold), latencyMillis);
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    return answerOf(500, { error: messageOf(error) }, latencyMillis);
  }
}

function remoteModel(url: string): ModelModule {
  const { hostname } = new URL(url);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost' && hostname !== '[::1]') {
    throw new BadInputError(`model url ${url}: only loopback addresses are allowed`);
  }
  return {
    predict: async (request) => {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) });
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      return response.json();
    },
  };
}

/** A model that answers with a promise may take real time: virtual time waits for it. */
async function held(answer: unknown, hold: Hold): Promise<unknown> {
  if (!(answer instanceof Promise)) return answer;
  const release = hold('a model of the scenario');
  try {
    return await answer;
  } finally {
    release();
  }
}

/** A container whose model is being loaded: virtual time waits for it. What goes wrong then, every request is told. */
function loadingContainer(arm: ScenarioArm, loaded: Promise<ModelModule>, random: Random, hold: Hold): Container {
  const container: Container = { arm, model: { predict: () => undefined }, random, hold };
  const release = hold('the model of a training job');
  const failing = (error: unknown): ModelModule => ({
    predict: () => {
      throw error;
    },
  });
  container.loading = loaded
    .catch(failing)
    .then((model) => {
      container.model = model;
      container.loading = undefined;
    })
    .finally(release);
  return container;
}

export interface ContainerParts {
  directory: string;
  arms: Record<string, ScenarioArm>;
  random: Random;
  hold: Hold;
  armOfPackage: (packageArn: string | undefined) => string | undefined;
  trained: TrainedModels;
}

/** Loads every arm's model and returns what runs in SageMaker's containers. */
export async function loadContainers({ directory, arms, random, hold, armOfPackage, trained }: ContainerParts): Promise<ContainerResolver> {
  const containers = new Map<string, Container>();
  for (const [name, arm] of Object.entries(arms)) {
    if (arm.model === undefined) continue;
    const model = typeof arm.model === 'string' ? await loadModel(directory, arm.model, name) : remoteModel(arm.model.url);
    containers.set(name, { arm, model, random: random.fork(`container:${name}`), hold });
  }
  const trainedArm = arms[TRAINED_ARM] ?? armSchema.parse({});
  const trainedRandom = random.fork(`container:${TRAINED_ARM}`);
  return ({ modelName, modelPackageName, modelDataUrl, environment }) => {
    const behaviour = behaviourOf(environment);
    const loaded = trained(modelDataUrl);
    if (loaded !== undefined) {
      const container = loadingContainer(trainedArm, loaded, trainedRandom, hold);
      return { predict: (body) => predict(container, body, behaviour) };
    }
    const name = armOfPackage(modelPackageName) ?? environment[ARM_VARIABLE];
    const container = containers.get(name ?? '');
    if (container === undefined)
      throw new BadInputError(`model ${modelName} plays no arm of the scenario (${ARM_VARIABLE} is ${name ?? 'not set'})`);
    return { predict: (body) => predict(container, body, behaviour) };
  };
}
