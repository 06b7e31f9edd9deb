import { type BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Scorer } from '../../core/contracts';
import { judgeRequest, readJudgement } from '../../core/gates/judge';
import { isLocal, localScorer, readScore, type Score } from '../../core/gates/scorers';
import { BadGate, Unscored } from '../../core/gates/unscored';
import { errorName } from './models';

type ScoreFunction = (line: unknown, answer: unknown) => unknown;

const MOST_JUDGE_TOKENS = 300;

/** Scorers of every kind: those of the core, functions and modules of the user's, and models that judge. */
export class RemoteScorers {
  constructor(
    private readonly lambda: LambdaClient,
    private readonly bedrock: BedrockRuntimeClient,
    private readonly loadModule: (name: string) => unknown,
  ) {}

  /** Throws `BadGate` where the scorer itself cannot be used. */
  scorer(scorer: Scorer): Score {
    if (isLocal(scorer)) return localScorer(scorer);
    if (scorer.kind === 'function') return this.functionScorer(scorer.functionArn);
    return scorer.kind === 'module' ? this.moduleScorer(scorer.name) : this.judgeScorer(scorer.modelId, scorer.prompt);
  }

  private functionScorer(functionArn: string): Score {
    return async (line, answer) => {
      const Payload = Buffer.from(JSON.stringify({ line, answer: answer.json ?? answer.text }));
      const { FunctionError, Payload: said } = await this.sent('the scorer', () =>
        this.lambda.send(new InvokeCommand({ FunctionName: functionArn, Payload })),
      );
      if (FunctionError !== undefined) throw new Unscored('the scorer failed');
      return readScore(parsed(Buffer.from(said ?? new Uint8Array()).toString('utf8'), 'the scorer answered no JSON'));
    };
  }

  private moduleScorer(name: string): Score {
    const score = this.moduleFunction(name);
    return async (line, answer) => {
      try {
        return readScore(await score(line, answer.json ?? answer.text));
      } catch (error) {
        if (error instanceof Unscored) throw error;
        throw new Unscored(`the scorer threw (${errorName(error)})`);
      }
    };
  }

  private moduleFunction(name: string): ScoreFunction {
    let module: { score?: unknown };
    try {
      module = this.loadModule(name) as { score?: unknown };
    } catch (error) {
      throw new BadGate(
        `the scorer that the release was registered with is not deployed any more, or does not load (${errorName(error)}): deploy the release again`,
      );
    }
    if (typeof module.score !== 'function') throw new BadGate('the scorer exports no function score(line, answer)');
    return module.score as ScoreFunction;
  }

  private judgeScorer(modelId: string, prompt: string): Score {
    return async (line, answer) => {
      const { system, message } = judgeRequest(prompt, line, answer);
      const { output } = await this.sent('the judge', () =>
        this.bedrock.send(
          new ConverseCommand({
            modelId,
            system: [{ text: system }],
            messages: [{ role: 'user', content: [{ text: message }] }],
            inferenceConfig: { maxTokens: MOST_JUDGE_TOKENS, temperature: 0 },
          }),
        ),
      );
      return readJudgement((output?.message?.content ?? []).map(({ text }) => text ?? '').join(''));
    };
  }

  private async sent<T>(who: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw new Unscored(`${who} did not answer (${errorName(error)})`);
    }
  }
}

function parsed(text: string, otherwise: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Unscored(otherwise);
  }
}
