import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { BudgetPolicy, CostCriterion, KpiPolicy } from '../../core/contracts';
import { type GivenPrices, laidOver, pricesIn } from '../../core/cost';
import { BUILT_IN_PRICES } from '../../core/prices/built-in';
import { CLIENT, lean } from '../shared/client';
import { optional, optionalJson, required, requiredJson } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { emit, logger } from '../shared/telemetry';
import { answer } from './answer';
import { killThrough } from './kill';
import type { CostParts, Looked } from './look';

const useCase = required('USE_CASE');
const policy = optionalJson<BudgetPolicy>('BUDGET');
const given = optionalJson<GivenPrices>('PRICES');
const book = given === undefined ? BUILT_IN_PRICES : laidOver(BUILT_IN_PRICES, given);

const parts: CostParts = {
  useCase,
  prefix: required('RESOURCE_PREFIX'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sagemaker: lean(new SageMakerClient(CLIENT)),
  cloudwatch: lean(new CloudWatchClient(CLIENT)),
  ...(policy === undefined ? {} : { policy }),
  criteria: requiredJson<CostCriterion[]>('CRITERIA'),
  kpis: requiredJson<KpiPolicy[]>('GOALS'),
  prices: pricesIn(book, required('AWS_REGION')),
  currency: book.currency,
  now: () => Date.now(),
  notify: notifierFromEnvironment(),
  kill: killThrough(lean(new LambdaClient(CLIENT)), optional('ROLLBACK_FUNCTION')),
  ...(optional('WAKES_RELEASES') === 'true' ? { sfn: lean(new SFNClient(CLIENT)) } : {}),
  publish: (lines) => {
    for (const { dimensions, values } of lines) emit({ UseCase: useCase, ...dimensions }, values);
  },
};

export const handler = async (event: unknown): Promise<Looked[]> => {
  const looked = await answer(parts, event, optional('BUDGET_NAME'));
  if (looked.some(({ done }) => done.length > 0)) logger.info('Cost', { looked });
  return looked;
};
