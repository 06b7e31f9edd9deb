import { setUp } from './support';

const NAME = 'support-triage-abc123';
const content = (problem: string): string =>
  JSON.stringify({ intended_uses: { risk_rating: 'High' }, business_details: { business_problem: problem } });
const CARD = { ModelCardName: NAME, Content: content('spam'), ModelCardStatus: 'Approved' };

test('a card has a version per content; a status alone makes none', async () => {
  const { call } = setUp();
  const arn = `arn:aws:sagemaker:us-east-1:111111111111:model-card/${NAME}`;
  expect(await call('CreateModelCard', { ...CARD, Tags: [{ Key: 'team', Value: 'support' }] })).toEqual({ ModelCardArn: arn });
  await call('UpdateModelCard', { ModelCardName: NAME, ModelCardStatus: 'PendingReview' });
  expect(await call('DescribeModelCard', { ModelCardName: NAME })).toMatchObject({ ModelCardVersion: 1, ModelCardStatus: 'PendingReview' });
  await call('UpdateModelCard', { ModelCardName: arn, Content: content('more spam') });
  expect(await call('DescribeModelCard', { ModelCardName: NAME })).toMatchObject({ ModelCardVersion: 2, Content: content('more spam') });
  expect(await call('DescribeModelCard', { ModelCardName: NAME, ModelCardVersion: 1 })).toMatchObject({ Content: content('spam') });
  expect(await call('ListTags', { ResourceArn: arn })).toMatchObject({ Tags: [{ Key: 'team', Value: 'support' }] });
  expect((await call('ListModelCards', {})).ModelCardSummaries).toMatchObject([{ ModelCardName: NAME }]);
  await call('DeleteModelCard', { ModelCardName: NAME });
  await expect(call('DescribeModelCard', { ModelCardName: NAME })).rejects.toMatchObject({ code: 'ResourceNotFound' });
});

test('what SageMaker would refuse is refused', async () => {
  const { call } = setUp();
  await call('CreateModelCard', CARD);
  await expect(call('CreateModelCard', CARD)).rejects.toMatchObject({ code: 'ConflictException' });
  await expect(call('DescribeModelCard', { ModelCardName: NAME, ModelCardVersion: 7 })).rejects.toMatchObject({ code: 'ResourceNotFound' });
  const other = (text: string) => call('CreateModelCard', { ...CARD, ModelCardName: 'other', Content: text });
  await expect(other('{')).rejects.toThrow('not valid JSON');
  await expect(other('[]')).rejects.toThrow('must be a JSON object');
  await expect(other('{"overview":{}}')).rejects.toThrow('unknown overview');
  await expect(other('{"intended_uses":{"risk_rating":"huge"}}')).rejects.toThrow('risk_rating is huge');
  await expect(other('{"model_package_details":{}}')).rejects.toThrow('not supported by the laptop cloud');
  await call('UpdateModelCard', { ModelCardName: NAME, ModelCardStatus: 'Archived' });
  await expect(call('UpdateModelCard', { ModelCardName: NAME, Content: content('late') })).rejects.toMatchObject({
    code: 'ConflictException',
  });
});
