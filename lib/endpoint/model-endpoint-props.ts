import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { DataCapture } from './data-capture';
import type { Deployment } from './deployment';
import type { Serving } from './serving';

/** An endpoint of SageMaker that CloudFormation deploys. */
export interface ModelEndpointProps {
  /** How it serves. */
  readonly serving: Serving;

  /**
   * Name of the endpoint: at most 63 letters, digits and -. Another name makes another endpoint.
   *
   * @default - from the construct's path: known at synth, the same at each deploy
   */
  readonly endpointName?: string;

  /**
   * How an update replaces instances.
   *
   * @default - as SageMaker does it: a second fleet takes over at once, and no alarm undoes it
   */
  readonly deployment?: Deployment;

  /**
   * What SageMaker keeps of requests and answers.
   *
   * @default - nothing
   */
  readonly capture?: DataCapture;

  /**
   * Network in which the containers run. Not for serverless endpoints.
   *
   * @default - SageMaker's own
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of the network, at most 16.
   *
   * @default - private ones with a way out
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the containers, at most five.
   *
   * @default - a new one, which lets everything out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Key that encrypts the instances' volumes. Not for instance types that have disks of their own: their hardware encrypts those.
   *
   * @default - a key of SageMaker
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether containers can reach no network at all, not even AWS. Not for serverless endpoints.
   *
   * @default false
   */
  readonly networkIsolation?: boolean;

  /**
   * Role that the containers run as. What the models need is added to it.
   *
   * @default - a new one, which may read its models and write its logs and metrics
   */
  readonly role?: iam.IRole;
}
