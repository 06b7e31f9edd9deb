import type { Caller, Cloud, Members, Operation, Random } from '../../cloud/types';
import { ClientTokens } from '../scheduler/client-tokens';
import { invalid } from './errors';
import { emit } from './events';
import { checkName, readTags, sageMakerArn } from './names';
import { packageGroupOperations } from './package-groups';
import { listPages } from './lists';
import { toCreate, toUse } from './permissions';
import type { ModelPackage, PackageGroup, PackageRecord, Store } from './store';
import { refuseMembers } from './unsupported';

const APPROVALS = ['Approved', 'Rejected', 'PendingManualApproval'];
const CHANGEABLE = ['ApprovalDescription', 'InferenceSpecification', 'SourceUri', 'ModelCard', 'ModelLifeCycle'];
const NOT_PLAYED = ['SourceAlgorithmSpecification', 'ValidationSpecification', 'AdditionalInferenceSpecifications'];
/** "SageMaker may send multiple events to EventBridge for each state change" (developer guide, events): so it does now and then. */
const SECOND_EVENT_SHARE = 0.25;
const SECOND_EVENT_MILLIS = 1500;

/** The model registry. */
export class Packages {
  readonly tokens: ClientTokens;
  private readonly random: Random;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
  ) {
    this.tokens = new ClientTokens(cloud.clock);
    this.random = cloud.random.fork('sagemaker:packages');
  }

  createGroup(input: Members): PackageGroup {
    const name = checkName('modelPackageGroupName', input.ModelPackageGroupName);
    this.store.packageGroups.refuseDuplicate(name);
    return this.store.packageGroups.add({
      name,
      arn: this.store.packageGroups.arn(name),
      tags: readTags(input.Tags),
      createdAtMillis: this.cloud.clock.now(),
      definition: input,
      lastVersion: 0,
    });
  }

  removeGroup(name: string): void {
    const group = this.store.packageGroups.get(name);
    if ([...this.store.packages.values()].some(({ groupName }) => groupName === group.name))
      throw invalid(`Model package group ${group.arn} cannot be deleted because it contains model packages. Delete them first.`);
    this.store.packageGroups.remove(group);
  }

  /** A version of a group, or a package of its own name. */
  create(input: Members): PackageRecord {
    refuseMembers('CreateModelPackage', input, NOT_PLAYED);
    const { ModelPackageGroupName: groupName, ModelPackageName: ownName } = input;
    if ((groupName === undefined) === (ownName === undefined))
      throw invalid('Exactly one of ModelPackageGroupName and ModelPackageName must be specified.');
    const approvalStatus = checkApproval(input.ModelApprovalStatus ?? (groupName === undefined ? 'Approved' : 'PendingManualApproval'));
    const record: PackageRecord = {
      ...(groupName === undefined ? this.named(ownName) : this.version(groupName)),
      tags: readTags(input.Tags),
      createdAtMillis: this.cloud.clock.now(),
      approvalStatus,
      definition: input,
    };
    if (this.store.packages.has(record.arn)) throw invalid(`Model package ${record.arn} already exists.`);
    this.store.packages.set(record.arn, record);
    this.announce(record);
    return record;
  }

  update(input: Members, caller?: Caller): PackageRecord {
    refuseMembers('UpdateModelPackage', input, ['AdditionalInferenceSpecificationsToAdd']);
    const record = this.get(input.ModelPackageArn);
    if (input.ModelApprovalStatus !== undefined) record.approvalStatus = checkApproval(input.ModelApprovalStatus);
    for (const member of CHANGEABLE) {
      if (input[member] !== undefined) record.definition = { ...record.definition, [member]: input[member] };
    }
    const properties: Record<string, unknown> = { ...record.definition.CustomerMetadataProperties, ...input.CustomerMetadataProperties };
    for (const key of (input.CustomerMetadataPropertiesToRemove ?? []) as string[]) delete properties[key];
    if (Object.keys(properties).length > 0 || record.definition.CustomerMetadataProperties !== undefined)
      record.definition = { ...record.definition, CustomerMetadataProperties: properties };
    record.modifiedAtMillis = this.cloud.clock.now();
    if (caller !== undefined) record.modifiedBy = identityOf(caller);
    this.announce(record, { UpdatedModelPackageFields: Object.keys(input).filter((member) => member !== 'ModelPackageArn') });
    return record;
  }

  remove(arn: string): void {
    this.store.packages.delete(this.get(arn).arn);
  }

  /** By ARN, or by the name of a package without versions. */
  get(arnOrName: unknown): PackageRecord {
    const given = String(arnOrName);
    const found = this.store.packages.get(given) ?? this.store.packages.get(sageMakerArn(this.cloud, 'model-package', given));
    if (found === undefined) throw invalid(`ModelPackage ${given} does not exist.`);
    return found;
  }

  /** A package that was there before, silently. */
  seed({ arn, approvalStatus, image, modelDataUrl, environment, groupName, version }: ModelPackage): void {
    this.store.packages.set(arn, {
      name: arn.split('/').at(-2) ?? arn,
      arn,
      tags: new Map(),
      createdAtMillis: 0,
      approvalStatus,
      ...(groupName === undefined ? {} : { groupName }),
      ...(version === undefined ? {} : { version }),
      definition: { InferenceSpecification: { Containers: [{ Image: image, ModelDataUrl: modelDataUrl, Environment: environment }] } },
    });
  }

  /** A group that was there before; again is as good as once. */
  seedGroup(name: string): PackageGroup {
    return this.store.packageGroups.find(name) ?? this.createGroup({ ModelPackageGroupName: name });
  }

  /** Of a group that may have been there before, with packages of its own. */
  nextVersion(groupName: string): number {
    const group = this.seedGroup(groupName);
    do group.lastVersion += 1;
    while (this.store.packages.has(`${sageMakerArn(this.cloud, 'model-package', groupName)}/${group.lastVersion}`));
    return group.lastVersion;
  }

  private named(input: unknown): Pick<PackageRecord, 'name' | 'arn'> {
    const name = checkName('modelPackageName', input);
    return { name, arn: sageMakerArn(this.cloud, 'model-package', name) };
  }

  private version(groupNameOrArn: unknown): Pick<PackageRecord, 'name' | 'arn' | 'groupName' | 'version'> {
    const group = this.store.packageGroups.get(String(groupNameOrArn).split('/').at(-1)!);
    const version = this.nextVersion(group.name);
    const arn = `${sageMakerArn(this.cloud, 'model-package', group.name)}/${version}`;
    return { name: group.name, arn, groupName: group.name, version };
  }

  /** An event for any change, whether the approval changed or not. */
  private announce(record: PackageRecord, more: Members = {}): void {
    const detail = { ...eventDetail(record), ...more };
    const say = (): void => emit(this.cloud, 'SageMaker Model Package State Change', record.arn, detail);
    this.cloud.record('sagemaker', 'model-package', { arn: record.arn, approvalStatus: record.approvalStatus });
    say();
    if (this.random.next() < SECOND_EVENT_SHARE) this.cloud.clock.after(SECOND_EVENT_MILLIS, say);
  }
}

function checkApproval(status: unknown): string {
  if (!APPROVALS.includes(String(status)))
    throw invalid(`Value '${String(status)}' at 'modelApprovalStatus' must be one of ${APPROVALS.join(', ')}.`);
  return String(status);
}

const identityOf = (caller: Caller): string =>
  caller.kind === 'role' ? caller.roleArn : caller.kind === 'world' ? caller.principalArn : caller.principal;

const iso = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z');

const shared = (record: PackageRecord): Members => ({
  ...(record.groupName === undefined ? { ModelPackageName: record.name } : { ModelPackageGroupName: record.groupName }),
  ...(record.version === undefined ? {} : { ModelPackageVersion: record.version }),
  ModelPackageArn: record.arn,
  ModelPackageStatus: 'Completed',
  ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
  ModelApprovalStatus: record.approvalStatus,
  ...Object.fromEntries(
    [
      'InferenceSpecification',
      'ModelPackageDescription',
      'MetadataProperties',
      'ModelMetrics',
      'CustomerMetadataProperties',
      'ApprovalDescription',
      'SourceUri',
      'Domain',
      'Task',
    ]
      .filter((member) => record.definition[member] !== undefined)
      .map((member) => [member, record.definition[member] as unknown]),
  ),
});

const eventDetail = (record: PackageRecord): Record<string, unknown> => ({
  ...shared(record),
  CreationTime: iso(record.createdAtMillis),
  LastModifiedTime: iso(record.modifiedAtMillis ?? record.createdAtMillis),
  CertifyForMarketplace: false,
});

const describe = (record: PackageRecord): Members => ({
  ...shared(record),
  // The name is a required member of the answer, the group's for a version.
  ModelPackageName: record.name,
  CreationTime: new Date(record.createdAtMillis),
  ...(record.modifiedAtMillis === undefined ? {} : { LastModifiedTime: new Date(record.modifiedAtMillis) }),
  ...(record.modifiedBy === undefined ? {} : { LastModifiedBy: { IamIdentity: { Arn: record.modifiedBy } } }),
});

const summary = (record: PackageRecord): Members => ({
  ModelPackageName: record.name,
  ...(record.groupName === undefined ? {} : { ModelPackageGroupName: record.groupName }),
  ...(record.version === undefined ? {} : { ModelPackageVersion: record.version }),
  ModelPackageArn: record.arn,
  CreationTime: new Date(record.createdAtMillis),
  ModelPackageStatus: 'Completed',
  ModelApprovalStatus: record.approvalStatus,
});

export const packageOperations = (store: Store, packages: Packages): Record<string, Operation> => {
  const use = (action: string, arn: unknown) => toUse(store, action, String(arn));
  const inGroup = (input: Members): PackageRecord[] =>
    [...store.packages.values()].filter(
      ({ groupName, approvalStatus }) =>
        (input.ModelPackageGroupName === undefined || groupName === String(input.ModelPackageGroupName).split('/').at(-1)) &&
        (input.ModelApprovalStatus === undefined || approvalStatus === input.ModelApprovalStatus),
    );
  return {
    ...packageGroupOperations(store, packages),
    CreateModelPackage: {
      permissions: (input, cloud) => {
        const name = String(input.ModelPackageName ?? `${String(input.ModelPackageGroupName).split('/').at(-1)}/*`);
        return toCreate('CreateModelPackage', 'model-package', name, input, cloud);
      },
      run: (input) => packages.tokens.once('CreateModelPackage', input, () => ({ ModelPackageArn: packages.create(input).arn })),
    },
    DescribeModelPackage: {
      permissions: (input) => [use('DescribeModelPackage', input.ModelPackageName)],
      run: (input) => describe(packages.get(input.ModelPackageName)),
    },
    UpdateModelPackage: {
      permissions: (input) => [use('UpdateModelPackage', input.ModelPackageArn)],
      run: (input, { caller }) => ({ ModelPackageArn: packages.update(input, caller).arn }),
    },
    DeleteModelPackage: {
      permissions: (input) => [use('DeleteModelPackage', input.ModelPackageName)],
      run: (input) => {
        packages.remove(packages.get(input.ModelPackageName).arn);
        return {};
      },
    },
    ListModelPackages: listPages('ListModelPackages', 'ModelPackageSummaryList', inGroup, summary),
  };
};
