import { UnsupportedError, type Cloud, type Members, type Operation } from '../../cloud/types';
import { AwsError } from '../../cloud/types';
import { invalid, resourceNotFound } from './errors';
import { checkName, readTags, sageMakerArn } from './names';
import { listPages } from './lists';
import { toCreate, toUse } from './permissions';
import type { Store } from './store';

interface CardVersion {
  version: number;
  content: string;
  status: string;
  modifiedAtMillis: number;
}

export interface ModelCardRecord {
  name: string;
  arn: string;
  tags: Map<string, string>;
  createdAtMillis: number;
  modifiedAtMillis: number;
  status: string;
  securityConfig: Members | undefined;
  /** Oldest first; a change of the content makes a new one, a change of the status alone does not. */
  versions: CardVersion[];
}

/** Sections of SageMaker's model card schema (developer guide, model cards): others are refused. */
const SECTIONS = [
  'model_overview',
  'model_package_details',
  'intended_uses',
  'business_details',
  'training_details',
  'evaluation_details',
  'additional_information',
];
const RISK_RATINGS = ['High', 'Medium', 'Low', 'Unknown'];

/** Model cards with their versions. */
export class ModelCards {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
  ) {}

  create(input: Members): ModelCardRecord {
    const name = checkName('modelCardName', input.ModelCardName);
    const arn = sageMakerArn(this.cloud, 'model-card', name);
    if (this.store.modelCards.has(arn)) throw new AwsError('ConflictException', `Model card ${arn} already exists.`);
    checkContent(input.Content);
    const now = this.cloud.clock.now();
    const record: ModelCardRecord = {
      name,
      arn,
      tags: readTags(input.Tags),
      createdAtMillis: now,
      modifiedAtMillis: now,
      status: String(input.ModelCardStatus),
      securityConfig: input.SecurityConfig as Members | undefined,
      versions: [{ version: 1, content: String(input.Content), status: String(input.ModelCardStatus), modifiedAtMillis: now }],
    };
    this.store.modelCards.set(arn, record);
    return record;
  }

  update(input: Members): ModelCardRecord {
    const record = this.get(input.ModelCardName);
    const last = record.versions.at(-1)!;
    if (last.status === 'Archived') throw new AwsError('ConflictException', `Model Card ${record.arn} is in Archived state.`);
    const now = this.cloud.clock.now();
    const status = String(input.ModelCardStatus ?? record.status);
    if (input.Content === undefined || input.Content === last.content) last.status = status;
    else {
      checkContent(input.Content);
      record.versions.push({ version: last.version + 1, content: String(input.Content), status, modifiedAtMillis: now });
    }
    record.status = status;
    record.modifiedAtMillis = now;
    return record;
  }

  /** By name or ARN. */
  get(nameOrArn: unknown): ModelCardRecord {
    const given = String(nameOrArn);
    const arn = given.startsWith('arn:') ? given : sageMakerArn(this.cloud, 'model-card', given);
    const record = this.store.modelCards.get(arn);
    if (record === undefined) throw resourceNotFound(`Model card ${given} does not exist.`);
    return record;
  }

  describe(input: Members): Members {
    const record = this.get(input.ModelCardName);
    const version =
      input.ModelCardVersion === undefined ? record.versions.at(-1) : record.versions.find((one) => one.version === input.ModelCardVersion);
    if (version === undefined) throw resourceNotFound(`Model card ${record.arn} has no version ${String(input.ModelCardVersion)}.`);
    return {
      ModelCardArn: record.arn,
      ModelCardName: record.name,
      ModelCardVersion: version.version,
      Content: version.content,
      ModelCardStatus: version.status,
      ...(record.securityConfig === undefined ? {} : { SecurityConfig: record.securityConfig }),
      CreationTime: new Date(record.createdAtMillis),
      CreatedBy: {},
      LastModifiedTime: new Date(version.modifiedAtMillis),
    };
  }

  remove(name: unknown): void {
    this.store.modelCards.delete(this.get(name).arn);
  }
}

/** The schema's outline: what a card would be refused for at once. */
function checkContent(content: unknown): void {
  let card: unknown;
  try {
    card = JSON.parse(String(content));
  } catch {
    throw invalid('Model card content is not valid JSON.');
  }
  if (typeof card !== 'object' || card === null || Array.isArray(card)) throw invalid('Model card content must be a JSON object.');
  const unknown = Object.keys(card).filter((section) => !SECTIONS.includes(section));
  if (unknown.length > 0) throw invalid(`Model card content does not follow the schema: unknown ${unknown.join(', ')}.`);
  const { model_package_details: details, intended_uses: uses } = card as Record<string, Members | undefined>;
  if (details !== undefined)
    throw new UnsupportedError('Model card content with model_package_details is not supported by the laptop cloud.');
  const rating: unknown = uses?.['risk_rating'];
  if (rating !== undefined && !RISK_RATINGS.includes(String(rating)))
    throw invalid(
      `Model card content does not follow the schema: risk_rating is ${String(rating)}, not one of ${RISK_RATINGS.join(', ')}.`,
    );
}

export const modelCardOperations = (store: Store, cards: ModelCards, cloud: Cloud): Record<string, Operation> => {
  const use = (action: string) => (input: Members) => [
    toUse(store, action, sageMakerArn(cloud, 'model-card', String(input.ModelCardName).split('/').at(-1)!)),
  ];
  return {
    CreateModelCard: {
      permissions: (input) => toCreate('CreateModelCard', 'model-card', String(input.ModelCardName), input, cloud),
      run: (input) => ({ ModelCardArn: cards.create(input).arn }),
    },
    DescribeModelCard: { permissions: use('DescribeModelCard'), run: (input) => cards.describe(input) },
    UpdateModelCard: { permissions: use('UpdateModelCard'), run: (input) => ({ ModelCardArn: cards.update(input).arn }) },
    DeleteModelCard: {
      permissions: use('DeleteModelCard'),
      run: (input) => {
        cards.remove(input.ModelCardName);
        return {};
      },
    },
    ListModelCards: listPages(
      'ListModelCards',
      'ModelCardSummaries',
      () => [...store.modelCards.values()],
      ({ name, arn, status, createdAtMillis, modifiedAtMillis }) => ({
        ModelCardName: name,
        ModelCardArn: arn,
        ModelCardStatus: status,
        CreationTime: new Date(createdAtMillis),
        LastModifiedTime: new Date(modifiedAtMillis),
      }),
    ),
  };
};
