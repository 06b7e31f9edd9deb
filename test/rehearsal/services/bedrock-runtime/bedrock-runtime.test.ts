import { createBedrockRuntime } from '../../../../rehearsal/services/bedrock-runtime';
import { UnsupportedError } from '../../../../rehearsal/cloud/types';
import { stubCloud } from '../cloud-stub';

const ASKED = {
  modelId: 'amazon.nova-lite-v1:0',
  system: [{ text: 'Judge.' }],
  messages: [{ role: 'user', content: [{ text: 'One.' }, { text: 'Two.' }] }],
};

function bedrock() {
  const cloud = stubCloud();
  const double = createBedrockRuntime(cloud);
  cloud.add(double);
  const converse = (input: object) => cloud.call('bedrock-runtime', 'Converse', input, { kind: 'world', principalArn: 'arn:me' });
  return { cloud, double, converse };
}

test("a model says what the scenario's judge says", async () => {
  const { double, converse } = bedrock();
  const heard: object[] = [];
  double.setJudge((asked) => {
    heard.push(asked);
    return '{"score": 1}';
  });
  expect(await converse(ASKED)).toMatchObject({
    output: { message: { role: 'assistant', content: [{ text: '{"score": 1}' }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 4, outputTokens: 3, totalTokens: 7 },
  });
  expect(heard).toEqual([{ modelId: ASKED.modelId, system: 'Judge.', message: 'One.\nTwo.' }]);
});

test('without a judge nobody knows what a model says', async () => {
  const { converse } = bedrock();
  await expect(converse(ASKED)).rejects.toThrow(UnsupportedError);
  await expect(converse(ASKED)).rejects.toThrow(/what the model amazon\.nova-lite-v1:0 answers[\s\S]*judge: judge\.mjs/);
});

test('what is not simulated is refused by name, and a conversation ends with a question', async () => {
  const { double, converse } = bedrock();
  double.setJudge(() => '');
  await expect(converse({ ...ASKED, toolConfig: {} })).rejects.toThrow('toolConfig is not supported');
  const image = [{ role: 'user', content: [{ image: {} }] }];
  await expect(converse({ ...ASKED, messages: image })).rejects.toThrow('content of kind image is not supported');
  const answered = [...ASKED.messages, { role: 'assistant', content: [{ text: 'x' }] }];
  await expect(converse({ ...ASKED, messages: answered })).rejects.toMatchObject({ code: 'ValidationException' });
});

test('an inference profile needs permission for itself and for the model behind it', () => {
  const { cloud, double } = bedrock();
  const resourcesOf = (modelId: string) => double.operations['Converse']?.permissions({ modelId }, cloud).map(({ resource }) => resource);
  expect(resourcesOf('amazon.nova-lite-v1:0')).toEqual(['arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0']);
  expect(resourcesOf('eu.anthropic.x-v1:0')).toEqual([
    'arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.x-v1:0',
    'arn:aws:bedrock:eu-central-1::foundation-model/anthropic.x-v1:0',
  ]);
});
