import './quiet';
import { cardValidator } from './model-card-schema';
import { bundleKey, type CardFacts, modelCardContent, sealed } from '../../core/evidence';
import type { EvidenceBundle } from '../../core/contracts';
import { fillCard } from '../../lambdas/model-card/model-card';
import { seal } from '../../lambdas/seal/seal';
import { createSageMaker } from '../../rehearsal/services/sagemaker';
import type { Members } from '../../rehearsal/cloud/types';
import { bundleOf, chain, signer } from '../core/evidence/chain';
import { memoryBucket, sealOver } from './evidence-store';
import { stubCloud } from '../rehearsal/services/cloud-stub';

const FACTS: CardFacts = {
  problem: 'Agents lose time to spam.',
  users: 'support agents',
  hypothesis: 'Spam falls from 8 % to 3 %.',
  reviewBy: '2027-03-31',
  risk: 'limited',
  personalData: true,
  dataSources: ['support mailbox'],
  owners: { risk: ['arn:aws:iam::111122223333:role/Risk'] },
};

async function setUp() {
  const memory = memoryBucket();
  const sealing = await sealOver(memory.bucket);
  const cloud = stubCloud();
  const sagemaker = createSageMaker(cloud);
  cloud.add(sagemaker);
  const sent: string[] = [];
  const client = {
    send: async (command: { constructor: { name: string }; input: Members }) => {
      const name = command.constructor.name.replace(/Command$/, '');
      sent.push(name);
      return sagemaker.operations[name]!.run(command.input, { cloud } as never);
    },
  };
  const cardParts = {
    bucket: memory.bucket,
    sagemaker: client as never,
    cardName: 'triage-abc123',
    useCase: 'support-triage',
    facts: FACTS,
  };
  const bundles: EvidenceBundle[] = [];
  return {
    ...memory,
    sent,
    /** A release ends: its bundle is written and signed. */
    async end(more: Partial<EvidenceBundle> = {}): Promise<EvidenceBundle> {
      const bundle = bundleOf(bundles.length + 1, bundles.at(-1), more);
      bundles.push(bundle);
      memory.objects.set(bundleKey(bundle.sequence, bundle.releaseId), sealed(bundle).text);
      await seal(sealing.parts);
      return bundle;
    },
    fill: () => fillCard(cardParts),
    card: async () => {
      const { Content, ModelCardVersion } = (await client.send({
        constructor: { name: 'DescribeModelCard' },
        input: { ModelCardName: 'triage-abc123' },
      })) as { Content: string; ModelCardVersion: number };
      const content = JSON.parse(Content) as { additional_information: { custom_details: Record<string, string> } };
      return { release: content.additional_information.custom_details['sluice release'], version: ModelCardVersion, content };
    },
  };
}

test('is made with the first promotion, and has a version for each', async () => {
  const the = await setUp();
  expect(await the.fill()).toEqual({ card: 'none: nothing was promoted yet' });
  await the.end({ outcome: 'rejected' });
  expect(await the.fill()).toEqual({ card: 'none: nothing was promoted yet' });
  await the.end();
  expect(await the.fill()).toEqual({ card: 'created' });
  expect(await the.card()).toMatchObject({ release: 'r2-0a1b2c3d', version: 1 });
  await the.end();
  await the.end({ outcome: 'rolled-back' });
  expect(await the.fill()).toEqual({ card: 'updated' });
  expect(await the.card()).toMatchObject({ release: 'r3-0a1b2c3d', version: 2 });
});

test('called twice, or by an event of long ago, it changes nothing', async () => {
  const the = await setUp();
  await the.end();
  await the.fill();
  the.sent.length = 0;
  expect(await the.fill()).toEqual({ card: 'unchanged' });
  expect(the.sent).toEqual(['DescribeModelCard']);
});

test('goes back to the release before, where one was taken back', async () => {
  const the = await setUp();
  await the.end();
  const second = await the.end();
  await the.fill();
  await the.end({ releaseId: second.releaseId, outcome: 'rolled-back', endedBefore: { outcome: 'promoted', endedAt: second.endedAt } });
  expect(await the.fill()).toEqual({ card: 'updated' });
  expect(await the.card()).toMatchObject({ release: 'r1-0a1b2c3d', version: 2 });
});

test('is never filled from what was not signed', async () => {
  const the = await setUp();
  const bundle = await the.end();
  the.objects.set(bundleKey(1, bundle.releaseId), sealed({ ...bundle, requestedBy: 'arn:forged' }).text);
  await expect(the.fill()).rejects.toThrow('is not what was signed');
  the.objects.set('heads/00000002.json', '{}');
  await expect(the.fill()).rejects.toThrow('heads/00000002.json cannot be read');
});

describe('the content', () => {
  const ours = signer();
  const { bundles, heads } = chain(1, ours);
  const head = JSON.parse(heads[0]!) as never;
  const long = 'x'.repeat(5000);
  const measured = [
    { name: 'mean score', value: 0.93, demanded: 'at least 0.9', passed: true },
    { name: 'cost', passed: false },
  ];
  const rich: EvidenceBundle = {
    ...bundles[0]!,
    reason: long,
    requestedBy: long,
    charterSha256: 'c'.repeat(64),
    model: { image: `image@${long}`, artefactUrl: 's3://models/1', imageDigest: 'sha256:1', packageArn: 'arn:package' },
    gates: [
      {
        releaseId: 'r1',
        gate: 'golden',
        kind: 'golden-set',
        passed: true,
        reason: long,
        startedAt: 'a',
        endedAt: 'b',
        measured,
        data: { uri: 's3://data/golden.jsonl', sha256: 'd'.repeat(64), lines: 100 },
      },
    ],
    measurements: [
      {
        kpi: 'missed-spam',
        control: 'stable',
        candidateUnits: 100,
        candidateEvents: 5,
        controlUnits: 900,
        controlEvents: 50,
        ratio: 0.9,
        rollbackEvidence: Infinity,
        rollbackThreshold: 20,
        promotionEvidence: 25,
        promotionThreshold: 20,
      },
    ],
  };

  test('follows the schema of SageMaker, however long its texts are', () => {
    const facts = { ...FACTS, problem: long, users: long, hypothesis: long, dataSources: [long], owners: { [long]: [long] } };
    const validate = cardValidator();
    for (const bundle of [bundles[0]!, rich]) {
      const content = modelCardContent(bundle, head, facts);
      expect(validate(JSON.parse(JSON.stringify(content)))).toEqual([]);
      expect(JSON.stringify(content).length).toBeLessThan(100_000);
    }
  });

  test('says who approved, what was measured, and which bundle says it all', () => {
    const content = JSON.stringify(modelCardContent(rich, head, FACTS));
    for (const text of [
      '"risk_rating":"Medium"',
      'risk: arn:anna',
      's3://data/golden.jsonl',
      'd'.repeat(64),
      '"value":0.93',
      'missed-spam',
      'bundles/00000001',
    ])
      expect(content).toContain(text);
    expect(content).not.toContain('"value":null');
  });
});
