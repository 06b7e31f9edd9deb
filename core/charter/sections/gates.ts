import * as z from 'zod';
import {
  durationMinutes,
  exactlyOne,
  fraction,
  kebabName,
  listOf,
  matching,
  matchingOrToken,
  numberBetween,
  oneOf,
  positiveFraction,
  positiveNumber,
  relativePath,
  section,
  text,
  wholeNumber,
} from '../fields';
import { dataFile } from './data';

export type { CharterData } from './data';

const data = dataFile('a JSON object a line');

const FIELD = 'a JMESPath into the answer such as label or choices[0].text';
const field = matching(/^[^\0\n]{1,200}$/, FIELD).optional();
const lineField = matching(/^[^\0\n]{1,100}$/, 'the name of a field of the lines');
const lines = wholeNumber(1, 1_000_000);

export const functionArn = matchingOrToken(
  /^arn:aws(-[a-z]+)*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]{1,128})?$/,
  'the ARN of a Lambda function such as arn:aws:lambda:eu-west-1:111122223333:function:score',
);
export const stateMachineArn = matchingOrToken(
  /^arn:aws(-[a-z]+)*:states:[a-z0-9-]+:\d{12}:stateMachine:[\w+=,.@-]{1,80}$/,
  'the ARN of a state machine such as arn:aws:states:eu-west-1:111122223333:stateMachine:gate',
);

const scorerModule = relativePath('a module that exports score(line, answer)').refine((path) => /\.[cm]?[jt]s$/.test(path), {
  error: 'a module ending in .ts, .mts, .cts, .js, .mjs or .cjs',
});

/** A JSON Schema: a file beside the charter, or written here. */
const schema = z.union([relativePath('a JSON file').transform((file) => ({ file })), z.record(z.string(), z.json())], {
  error: 'a JSON Schema: a file beside the charter, or a mapping',
});

const model = matching(
  /^[a-z0-9][a-z0-9.:-]{2,120}$/,
  'a Bedrock model or inference profile id such as eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
);
const oneJudge = (given: { for?: unknown; prompt?: unknown; promptFile?: unknown }): number =>
  [given.for, given.prompt, given.promptFile].filter((value) => value !== undefined).length;
const PROMPT = 'exactly one of for (toxicity or hallucination), prompt (a text) or promptFile (a file beside the charter)';
const judged = {
  for: oneOf('toxicity', 'hallucination').optional(),
  prompt: text.optional(),
  promptFile: relativePath('a text file').optional(),
};

const SCORERS = ['exactMatch', 'tolerance', 'pattern', 'jsonSchema', 'function', 'module', 'bedrockJudge'];

const tolerance = section({ field, absolute: positiveNumber.optional(), relative: positiveNumber.optional() }).refine(
  ({ absolute, relative }) => absolute !== undefined || relative !== undefined,
  { error: 'absolute, relative, or both' },
);
const regularExpression = matching(/^[^\0\n]{1,1000}$/, 'a regular expression').refine(isRegularExpression, {
  error: 'a regular expression (of JavaScript, with the flag u)',
});
const bedrockJudge = section({ model, ...judged }).refine((given) => oneJudge(given) === 1, { error: PROMPT });

export const scorer = section({
  exactMatch: section({ field }).optional(),
  tolerance: tolerance.optional(),
  pattern: section({ field, pattern: regularExpression.optional() }).optional(),
  jsonSchema: schema.optional(),
  function: functionArn.optional(),
  module: scorerModule.optional(),
  bedrockJudge: bedrockJudge.optional(),
}).superRefine((given, context) => exactlyOne(SCORERS, given, context));

const rival = section({ than: oneOf('stable', 'baseline'), by: fraction.default(0) });

/** What every gate that scores lines may demand. */
const demands = {
  data,
  atLeast: fraction.optional(),
  notWorse: rival.optional(),
  slices: section({ by: lineField, atLeast: fraction, minimumLines: lines.default(30) }).optional(),
};

const bias = section({
  by: lineField,
  field,
  favourable: z.json({ error: 'the value of a favourable answer' }),
  ratioAtLeast: positiveFraction.default(0.8),
  minimumLines: lines.default(30),
});

const goldenSet = section({ ...demands, scorer, bias: bias.optional() }).refine(
  ({ atLeast, notWorse, slices, bias: ratio }) => [atLeast, notWorse, slices, ratio].some((demand) => demand !== undefined),
  { error: 'at least one of atLeast, notWorse, slices, bias: a gate that demands nothing passes everything' },
);

const outputSchema = section({ data, schema, atLeast: fraction.default(1) });

const JUDGES = ['model', 'function', 'module'];
const judge = section({
  ...demands,
  atLeast: fraction,
  model: model.optional(),
  function: functionArn.optional(),
  module: scorerModule.optional(),
  ...judged,
})
  .superRefine((given, context) => exactlyOne(JUDGES, given, context))
  .refine((given) => given.model === undefined || oneJudge(given) === 1, { error: PROMPT })
  .refine((given) => given.model !== undefined || oneJudge(given) === 0, { error: 'for, prompt and promptFile only beside model' });

const percentile = numberBetween(50, 99.9, 'a percentile from 50 to 99.9');

const load = section({
  data,
  requestsPerMinute: numberBetween(1, 60_000, 'a number of requests a minute from 1 to 60000: the load that is expected'),
  multiples: listOf(numberBetween(0.1, 20, 'a multiple of the expected load from 0.1 to 20'), 'multiples', 1, 10).default([1, 2, 5]),
  secondsPerLevel: wholeNumber(10, 600).default(60),
  latency: section({
    percentile: percentile.default(95),
    below: numberBetween(1, 60_000, 'a number of milliseconds up to 60000'),
  }).optional(),
  notSlower: section({
    than: z.literal('stable', { error: 'stable: a baseline answers at once' }),
    percentile: percentile.default(95),
    ratioAtMost: positiveNumber.default(1.2),
  }).optional(),
  errorRateAtMost: fraction.default(0.01),
  costPerAnswerAtMost: positiveNumber.optional(),
  pricePerInstanceHour: positiveNumber.optional(),
});

const custom = section({
  function: functionArn.optional(),
  stateMachine: stateMachineArn.optional(),
  timeout: durationMinutes.default(15),
}).superRefine((given, context) => exactlyOne(['function', 'stateMachine'], given, context));

const KINDS = ['goldenSet', 'outputSchema', 'judge', 'load', 'custom'];

export const gate = section({
  name: kebabName(2, 32),
  goldenSet: goldenSet.optional(),
  outputSchema: outputSchema.optional(),
  judge: judge.optional(),
  load: load.optional(),
  custom: custom.optional(),
}).superRefine((given, context) => exactlyOne(KINDS, given, context));

/** What a candidate must pass in the dark, before anybody is asked to approve it. */
export const gates = listOf(gate, 'gates', 0, 20);

export type CharterGate = z.output<typeof gate>;
export type CharterScorer = z.output<typeof scorer>;
export type CharterSchemaRef = z.output<typeof schema>;

function isRegularExpression(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}
