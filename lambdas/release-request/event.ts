import * as z from 'zod';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ReleaseSpec } from '../../core/contracts';
import { type HttpEvent, isHttpEvent } from '../shared/http';

/** A version in the model registry changed. */
export interface PackageEvent {
  packageArn: string;
  group?: string;
  approvalStatus: string;
  /** Which of its fields changed, where the event says so. */
  updated: string[];
}

export type RequestEvent =
  | { kind: 'http'; event: HttpEvent }
  | { kind: 'package'; event: PackageEvent }
  | { kind: 'cloudformation'; event: CloudFormationCustomResourceEvent };

const packageSchema = z.object({
  source: z.literal('aws.sagemaker'),
  'detail-type': z.literal('SageMaker Model Package State Change'),
  detail: z.object({
    ModelPackageArn: z.string(),
    ModelPackageGroupName: z.string().optional(),
    ModelApprovalStatus: z.string().optional(),
    UpdatedModelPackageFields: z.array(z.string()).nullish(),
  }),
});

/** A deploy, the model registry, or a person at the function URL. */
export function readEvent(event: unknown): RequestEvent {
  if (isHttpEvent(event)) {
    return { kind: 'http', event };
  }
  const changed = packageSchema.safeParse(event);
  if (changed.success) {
    const { ModelPackageArn, ModelPackageGroupName, ModelApprovalStatus, UpdatedModelPackageFields } = changed.data.detail;
    return {
      kind: 'package',
      event: {
        packageArn: ModelPackageArn,
        ...(ModelPackageGroupName === undefined ? {} : { group: ModelPackageGroupName }),
        approvalStatus: ModelApprovalStatus ?? 'without approval',
        updated: UpdatedModelPackageFields ?? [],
      },
    };
  }
  if (typeof (event as Partial<CloudFormationCustomResourceEvent> | null)?.RequestType === 'string') {
    return { kind: 'cloudformation', event: event as CloudFormationCustomResourceEvent };
  }
  throw new Error(
    "Unknown event. Allowed: CloudFormation's request for Custom::SluiceDesiredRelease, a SageMaker Model Package State Change, or POST /release",
  );
}

/** The specification was checked when the stack was synthesized; here only its frame is. */
const specSchema = z
  .object({
    useCase: z.string(),
    model: z.looseObject({ environment: z.record(z.string(), z.string()) }),
    serving: z.looseObject({ mode: z.string(), instanceType: z.string().optional(), minInstances: z.number() }),
    behaviour: z.record(z.string(), z.unknown()),
    rollout: z.looseObject({ steps: z.array(z.looseObject({ weight: z.number(), bakeMinutes: z.number() })), holdout: z.number() }),
    kpis: z.array(z.looseObject({ name: z.string() })),
    approvals: z.looseObject({ requiredRoles: z.array(z.string()) }),
  })
  .loose();

export function readSpec(properties: Record<string, unknown>, useCase: string): ReleaseSpec {
  const text = properties['Release'];
  if (typeof text !== 'string') {
    throw new Error(`Property Release of Custom::SluiceDesiredRelease must be the JSON of a release, got ${typeof text}`);
  }
  const parsed = specSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(`Property Release of Custom::SluiceDesiredRelease: ${z.prettifyError(parsed.error)}`);
  }
  if (parsed.data.useCase !== useCase) {
    throw new Error(`Property Release belongs to use case '${parsed.data.useCase}', this stack is '${useCase}'`);
  }
  return parsed.data as unknown as ReleaseSpec;
}
