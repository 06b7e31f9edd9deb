import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Cloud, Members, Operation, Permission, ServiceDouble } from '../../cloud/types';

/** What a foundation model is asked, as the scenario's judge sees it. */
export interface Judged {
  modelId: string;
  system: string;
  message: string;
}

/** What the model says; a promise may take real time. */
export type Judge = (asked: Judged) => string | Promise<string>;

const LATENCY_MILLIS = 800;
/** What a model reads and writes is paid by tokens of about so many characters. */
const CHARACTERS_PER_TOKEN = 4;

/** Converse with texts. What models say comes from the scenario: nothing here understands a language. */
export class BedrockRuntime implements ServiceDouble {
  readonly service = 'bedrock-runtime';
  readonly operations: Record<string, Operation>;
  private judge: Judge | undefined;

  constructor(private readonly cloud: Cloud) {
    this.operations = {
      Converse: {
        permissions: ({ modelId }) => this.permissions(modelId as string),
        latencyMillis: () => LATENCY_MILLIS,
        run: (input) => this.converse(input),
      },
    };
  }

  /** Who speaks for every model, from now on. */
  setJudge(judge: Judge): void {
    this.judge = judge;
  }

  /** An inference profile is asked for as well as the model behind it, here in the region of the call. */
  private permissions(modelId: string): Permission[] {
    const { partition, region } = this.cloud;
    const [, profiled] = /^(?:us|us-gov|eu|apac|jp|au|ca|sa|me|af|global)\.(.+)$/.exec(modelId) ?? [];
    const model = `arn:${partition}:bedrock:${region}::foundation-model/${profiled ?? modelId}`;
    const resources = profiled === undefined ? [model] : [this.cloud.arn('bedrock', `inference-profile/${modelId}`), model];
    return resources.map((resource) => ({ action: 'bedrock:InvokeModel', resource }));
  }

  private async converse(input: Members): Promise<Members> {
    const modelId = input.modelId as string;
    if (this.judge === undefined) {
      throw new UnsupportedError(
        `Converse: the scenario does not say what the model ${modelId} answers. Give it a module that exports judge({ modelId, system, message }): \`judge: judge.mjs\`.`,
      );
    }
    for (const name of ['toolConfig', 'guardrailConfig', 'promptVariables', 'performanceConfig', 'outputConfig']) {
      if (input[name] !== undefined) throw new UnsupportedError(`Converse: ${name} is not supported by the rehearsal`);
    }
    const messages = (input.messages ?? []) as Members[];
    if (messages.at(-1)?.role !== 'user') {
      throw new AwsError('ValidationException', 'A conversation must end with a user message. Try again with a conversation that does.');
    }
    const system = textsOf((input.system ?? []) as Members[]);
    const message = messages.map(({ content }) => textsOf(content as Members[])).join('\n');
    const text = await this.judge({ modelId, system, message });
    const [inputTokens, outputTokens] = [tokens(system + message), tokens(text)];
    return {
      output: { message: { role: 'assistant', content: [{ text }] } },
      stopReason: 'end_turn',
      usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
      metrics: { latencyMs: LATENCY_MILLIS },
    };
  }
}

const tokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

function textsOf(blocks: Members[]): string {
  return blocks
    .map((block) => {
      if (typeof block.text === 'string') return block.text;
      throw new UnsupportedError(`Converse: content of kind ${Object.keys(block).join(', ')} is not supported by the rehearsal; text is`);
    })
    .join('\n');
}

export const createBedrockRuntime = (cloud: Cloud): BedrockRuntime => new BedrockRuntime(cloud);
