import type { Cloud, Members } from '../../cloud/types';
import { alreadyExists, notFound } from './errors';
import { sageMakerArn } from './names';
import type { ComponentRecord } from './components/types';
import type { ModelCardRecord } from './model-cards';
import type { ConfigRecord, EndpointRecord, ModelRecord } from './state';

const KIND_IN_WORDS = {
  model: 'model',
  'endpoint-config': 'endpoint configuration',
  endpoint: 'endpoint',
  'inference-component': 'inference component',
  'model-package-group': 'model package group',
} as const;
type ShelfKind = keyof typeof KIND_IN_WORDS;

interface Named {
  name: string;
  arn: string;
}

/** Resources of one kind. Names are unique whatever their case, and found only in the case they were given. */
export class Shelf<T extends Named> {
  private readonly byArn = new Map<string, T>();

  constructor(
    private readonly cloud: Cloud,
    private readonly kind: ShelfKind,
  ) {}

  arn(name: string): string {
    return sageMakerArn(this.cloud, this.kind, name);
  }

  add(record: T): T {
    this.refuseDuplicate(record.name);
    this.byArn.set(record.arn, record);
    return record;
  }

  refuseDuplicate(name: string): void {
    if (this.byArn.has(this.arn(name))) throw alreadyExists(KIND_IN_WORDS[this.kind], this.arn(name));
  }

  find(name: string): T | undefined {
    const record = this.byArn.get(this.arn(name));
    return record?.name === name ? record : undefined;
  }

  get(name: string): T {
    const record = this.find(name);
    if (record === undefined) throw notFound(KIND_IN_WORDS[this.kind], this.arn(name));
    return record;
  }

  withArn(arn: string): T | undefined {
    return this.byArn.get(arn);
  }

  remove(record: T): void {
    this.byArn.delete(record.arn);
  }

  all(): T[] {
    return [...this.byArn.values()];
  }
}

/** A model package that stood before the scenario began. */
export interface ModelPackage {
  arn: string;
  approvalStatus: 'Approved' | 'PendingManualApproval' | 'Rejected';
  image: string;
  modelDataUrl?: string;
  environment: Record<string, string>;
  groupName?: string;
  version?: number;
}

export interface PackageGroup {
  name: string;
  arn: string;
  tags: Map<string, string>;
  createdAtMillis: number;
  definition: Members;
  lastVersion: number;
}

export interface PackageRecord {
  name: string;
  arn: string;
  tags: Map<string, string>;
  createdAtMillis: number;
  modifiedAtMillis?: number;
  /** ARN of who changed it last. */
  modifiedBy?: string;
  groupName?: string;
  version?: number;
  approvalStatus: string;
  /** The request with all later changes. */
  definition: Members;
}

export interface Store {
  region: string;
  models: Shelf<ModelRecord>;
  configs: Shelf<ConfigRecord>;
  endpoints: Shelf<EndpointRecord>;
  components: Shelf<ComponentRecord>;
  packageGroups: Shelf<PackageGroup>;
  /** By ARN. */
  packages: Map<string, PackageRecord>;
  jobs: Map<string, Tagged>;
  /** ETags of the model data that training jobs' containers wrote. */
  trained: Set<string>;
  /** By ARN. */
  modelCards: Map<string, ModelCardRecord>;
}

export interface Tagged {
  arn: string;
  tags: Map<string, string>;
}

export const createStore = (cloud: Cloud): Store => ({
  region: cloud.region,
  models: new Shelf(cloud, 'model'),
  configs: new Shelf(cloud, 'endpoint-config'),
  endpoints: new Shelf(cloud, 'endpoint'),
  components: new Shelf(cloud, 'inference-component'),
  packageGroups: new Shelf(cloud, 'model-package-group'),
  packages: new Map(),
  jobs: new Map(),
  trained: new Set(),
  modelCards: new Map(),
});

/** Whatever has tags, by its ARN. */
export const findTagged = (store: Store, arn: string): Tagged | undefined =>
  store.models.withArn(arn) ??
  store.configs.withArn(arn) ??
  store.endpoints.withArn(arn) ??
  store.components.withArn(arn) ??
  store.packageGroups.withArn(arn) ??
  store.packages.get(arn) ??
  store.jobs.get(arn) ??
  store.modelCards.get(arn);
