import { AwsError } from '../../cloud/types';
import type { Members, Permission } from '../../cloud/types';
import type { PolicyEngine } from './registry';

/** How each service tells that it may not act as a role. */
const refusals: Record<string, (roleArn: string) => AwsError> = {
  'states.amazonaws.com': () =>
    new AwsError(
      'AccessDeniedException',
      'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
    ),
  'scheduler.amazonaws.com': () =>
    new AwsError('ValidationException', 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.'),
  'sagemaker.amazonaws.com': (roleArn) =>
    new AwsError(
      'ValidationException',
      `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`,
    ),
};

/** Services to which a role is handed, by the role's trust policy. A role of which nothing is known is told, not judged. */
export class RoleTrust {
  private readonly told = new Set<string>();

  constructor(
    private readonly iam: PolicyEngine,
    private readonly unknown: (roleArn: string, principal: string) => void,
  ) {}

  check(roleArn: string, principal: string, sourceArn: string): void {
    if (!this.iam.hasRole(roleArn)) {
      if (!this.told.has(roleArn)) this.unknown(roleArn, principal);
      this.told.add(roleArn);
      return;
    }
    try {
      this.iam.authoriseAssume(roleArn, principal, sourceArn);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw refusals[principal]?.(roleArn) ?? error;
    }
  }

  /** A request that passes a role (iam:PassRole): the service must be let in as well. */
  checkPassed(permission: Permission, input: Members, arn: (service: string, resource: string) => string): void {
    const principal = permission.context?.['iam:PassedToService'];
    if (typeof principal !== 'string') return;
    this.check(permission.resource, principal, sourceOf(principal, input, arn));
  }
}

/** What a request to SageMaker makes, by the member that names it. */
const sageMakerKinds: Record<string, string> = {
  EndpointConfigName: 'endpoint-config',
  ModelName: 'model',
  PipelineName: 'pipeline',
  ProcessingJobName: 'processing-job',
  TrainingJobName: 'training-job',
};

/** What the service says that it acts for, as its own documentation names it. */
function sourceOf(principal: string, input: Members, arn: (service: string, resource: string) => string): string {
  const service = principal.split('.')[0] ?? '';
  if (service === 'scheduler') return arn('scheduler', `schedule-group/${(input['GroupName'] as string | undefined) ?? 'default'}`);
  const named = Object.keys(sageMakerKinds).find((member) => input[member] !== undefined);
  return arn(service, named === undefined ? '*' : `${sageMakerKinds[named]}/${String(input[named]).toLowerCase()}`);
}
