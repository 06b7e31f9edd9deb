import type { Charter } from '../../core/charter';
import type { RiskClass } from './ai-use-case-props';
import type { ModelCardProps } from '../evidence/model-card';

/** What the charter says of the use case, for its model card. */
export function cardFacts({ charter, owners }: Charter): Omit<ModelCardProps, 'useCaseName' | 'store' | 'encryptionKey'> {
  const { problem, users, hypothesis, reviewBy, risk, data } = charter;
  return {
    problem,
    users,
    hypothesis,
    reviewBy,
    risk: risk as RiskClass,
    personalData: data.personal,
    dataSources: data.sources,
    owners: Object.fromEntries(Object.entries(owners).map(([role, { principals }]) => [role, principals])),
  };
}
