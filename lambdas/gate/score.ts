import type { GoldenSetGate } from '../../core/contracts';
import { type Answer, valueIn } from '../../core/gates/answer';
import { type GoldenTally, mergeGolden, noGoldenTally, type Scored, tallyOf } from '../../core/gates/golden-tally';
import { type DataLine, labelOf } from '../../core/gates/line';
import type { Score } from '../../core/gates/scorers';
import { Unscored } from '../../core/gates/unscored';
import { canonicalJson } from '../../core/hash';
import { inTurns } from './in-turns';
import type { NumberedLine } from './data-set';
import type { ScoreRequest } from './event';
import type { Target } from './models';
import { gateOf, type GateParts, keepPart, mustReadOpening, type Opening } from './parts';

const AT_A_TIME = 4;
/** One more line may take as long as SageMaker lets it, and its scorer. */
const RESERVED_MILLIS = 150_000;

/** Sends a batch of lines to the candidate, and to its rival, and keeps the sums. Done again, it comes to the same. */
export async function score(parts: GateParts, request: ScoreRequest): Promise<{ lines: number }> {
  const { gate } = await gateOf(parts, request);
  if (gate.kind !== 'golden-set' && gate.kind !== 'smoke') throw new Error(`Gate ${gate.name} is of kind ${gate.kind}: it scores no lines`);
  const opening = await mustReadOpening(parts, request, gate.name);
  if (opening.data === undefined) throw new Error(`Gate ${gate.name} has no data set`);
  const lines = (await parts.data.batch(gate.data, opening.data.etag, request.batch)).slice(0, request.batch.lines);
  const scoreLine = gate.kind === 'smoke' ? smoke(parts, request, opening) : golden(parts, request, gate, opening);
  let tally: GoldenTally = noGoldenTally();
  await inTurns(lines, AT_A_TIME, async (line) => {
    const one = parts.remaining() < RESERVED_MILLIS ? timeOver(line) : await scoreLine(line);
    tally = mergeGolden(tally, one);
  });
  await keepPart(parts, request, gate.name, `batch#${request.batch.number}`, tally);
  return { lines: lines.length };
}

type ScoreLine = (line: NumberedLine) => Promise<GoldenTally>;

const timeOver = ({ number }: NumberedLine): GoldenTally =>
  tallyOf({ line: number, candidate: { why: 'no time was left: answers take too long' } });

/** An opening without a candidate has a problem, and no lines are sent. */
function candidateOf({ candidate }: Opening, inferenceId: string): Target {
  if (candidate === undefined) throw new Error('The gate found no candidate that it could ask');
  return { ...candidate, inferenceId };
}

function smoke(parts: GateParts, { releaseId }: ScoreRequest, opening: Opening): ScoreLine {
  return async ({ number, line }) => {
    const target = candidateOf(opening, `gate-${releaseId}-smoke`);
    return tallyOf({ line: number, candidate: await scored(() => parts.models.answer(target, line).then(() => 1)) });
  };
}

function golden(parts: GateParts, { releaseId, index }: ScoreRequest, gate: GoldenSetGate, opening: Opening): ScoreLine {
  const give = parts.scorers.scorer(gate.scorer);
  return async ({ number, line }) => {
    const id = `gate-${releaseId}-${index}-${number}`;
    const target = candidateOf(opening, id);
    let labels: Labels = {};
    const candidate = await scored(async () => {
      const answer = await parts.models.answer(target, line);
      labels = labelsOf(gate, line, answer);
      return give(line, answer);
    });
    const rival = rivalOf(parts, gate, opening, `${id}-r`);
    const other = rival === undefined ? undefined : await scored(() => answerAndScore(() => rival(line), line, give));
    return tallyOf({ line: number, candidate, ...(other === undefined ? {} : { rival: other }), ...labels });
  };
}

const answerAndScore = async (ask: () => Promise<Answer>, line: DataLine, give: Score): Promise<number> => give(line, await ask());

function rivalOf(
  parts: GateParts,
  { notWorse }: GoldenSetGate,
  opening: Opening,
  inferenceId: string,
): ((line: DataLine) => Promise<Answer>) | undefined {
  if (notWorse === undefined) return undefined;
  if (notWorse.than === 'baseline') return (line) => parts.models.askBaseline(line);
  const { stable } = opening;
  if (stable === undefined) return undefined;
  return (line) => parts.models.answer({ ...stable, inferenceId }, line);
}

interface Labels {
  slice?: string;
  group?: { name: string; favourable: boolean };
}

function labelsOf({ slices, bias }: GoldenSetGate, line: DataLine, answer: Answer): Labels {
  return {
    ...(slices === undefined ? {} : { slice: labelOf(line, slices.by) }),
    ...(bias === undefined
      ? {}
      : {
          group: {
            name: labelOf(line, bias.by),
            favourable: canonicalJson(valueIn(answer, bias.field)) === canonicalJson(bias.favourable),
          },
        }),
  };
}

/** Whatever keeps a line from its score is counted; what is unexpected fails the batch. */
async function scored(give: () => Promise<number>): Promise<Scored> {
  try {
    return { score: await give() };
  } catch (error) {
    if (error instanceof Unscored) return { why: error.message };
    throw error;
  }
}
