import type { Cloud } from '../cloud/types';
import type { SageMaker } from '../services/sagemaker';
import { TRAINED_ARM } from './trained-models';

const GROUP = 'scenario';

type Standing = 'approved' | 'pending' | 'rejected';

const STATUS = { approved: 'Approved', pending: 'PendingManualApproval', rejected: 'Rejected' } as const;

/** Model packages that the scenario's people register: each holds the model of an arm. */
export class ModelPackages {
  private readonly arms = new Map<string, string>();

  constructor(
    private readonly cloud: Cloud,
    private readonly sageMaker: SageMaker,
    /** The model package group that the charter listens to. */
    private readonly group: string = GROUP,
  ) {
    if (group !== GROUP) sageMaker.packages.seedGroup(group);
  }

  /** The arm that the containers of a package play; one that holds what a rehearsed training job wrote plays `trained`. */
  armOf(packageArn: string | undefined): string | undefined {
    if (packageArn === undefined) return undefined;
    const known = this.arms.get(packageArn);
    if (known !== undefined) return known;
    return this.sageMaker.trained.inPackage(packageArn) ? TRAINED_ARM : undefined;
  }

  /** A package that came there in the past, silently. */
  add(arm: string, standing: Standing): string {
    const version = this.sageMaker.packages.nextVersion(this.group);
    const arn = this.cloud.arn('sagemaker', `model-package/${this.group}/${version}`);
    const image = `${this.cloud.accountId}.dkr.ecr.${this.cloud.region}.amazonaws.com/${arm}:${version}`;
    this.sageMaker.putModelPackage({ arn, approvalStatus: STATUS[standing], image, environment: {}, groupName: this.group, version });
    this.arms.set(arn, arm);
    return arn;
  }

  /** Somebody approves a package in the registry, which tells it. */
  async approve(arm: string, principalArn: string): Promise<string> {
    const arn = this.add(arm, 'pending');
    const caller = { kind: 'world', principalArn } as const;
    await this.cloud.call('sagemaker', 'UpdateModelPackage', { ModelPackageArn: arn, ModelApprovalStatus: 'Approved' }, caller);
    return arn;
  }
}
