import { DescribeModelPackageCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { LINEAGE } from '../../core/retraining/calls';
import { ReleaseRefused } from './refused';

export interface PackageFacts {
  approvalStatus?: string;
  /** ARN of who changed it last: where it is approved, who approved it. */
  changedBy?: string;
  /** The retraining run that it says to come from: whoever registers a version may write what they like, so the ledger is asked. */
  retrainingRun?: string;
}

export interface Registry {
  describe(packageArn: string): Promise<PackageFacts>;
}

export function registryOf(sagemaker: SageMakerClient): Registry {
  return {
    describe: async (ModelPackageName) => {
      const { ModelApprovalStatus, LastModifiedBy, CreatedBy, CustomerMetadataProperties } = await sagemaker.send(
        new DescribeModelPackageCommand({ ModelPackageName }),
      );
      const changedBy = (LastModifiedBy ?? CreatedBy)?.IamIdentity?.Arn;
      const retrainingRun = CustomerMetadataProperties?.[LINEAGE.run];
      return {
        ...(retrainingRun === undefined ? {} : { retrainingRun }),
        ...(ModelApprovalStatus === undefined ? {} : { approvalStatus: ModelApprovalStatus }),
        ...(changedBy === undefined ? {} : { changedBy }),
      };
    },
  };
}

/** What the registry says of a package that is not there, or that it keeps to itself. */
const NOT_TO_BE_SEEN = new Set(['ValidationException', 'ResourceNotFound', 'AccessDeniedException']);
const ALLOWED = 'A version that the model registry lists as Approved';

/** @throws ReleaseRefused unless the registry lists the package as approved; a package without versions has no status, and may be released. */
export async function mustBeApproved(registry: Registry, packageArn: string): Promise<PackageFacts> {
  const facts = await described(registry, packageArn);
  const status = facts.approvalStatus ?? 'Approved';
  if (status !== 'Approved') {
    throw new ReleaseRefused(
      `Model package ${packageArn} is ${status} in the model registry`,
      ALLOWED,
      'Have it approved in the model registry, then ask again',
    );
  }
  return facts;
}

async function described(registry: Registry, packageArn: string): Promise<PackageFacts> {
  try {
    return await registry.describe(packageArn);
  } catch (error) {
    if (error instanceof Error && NOT_TO_BE_SEEN.has(error.name)) {
      throw new ReleaseRefused(
        `Model package ${packageArn} cannot be looked at: ${error.message}`,
        ALLOWED,
        'Correct its ARN, or let the registry’s account share it with this one',
      );
    }
    throw error;
  }
}
