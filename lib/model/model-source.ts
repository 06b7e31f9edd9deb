/* eslint-disable awscdk/require-passing-this -- these functions construct for the construct that calls them */
import { Aws, CfnMapping, Fn, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { BoundArtefact } from './artefact';
import { bindArtefact } from './artefact';
import { SCIKIT_LEARN_ACCOUNTS } from './scikit-learn-registry';

/** A container of one's own. */
export interface ContainerModelProps {
  /** Image with tag or digest, such as `111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage:1.4.0`. */
  readonly image: string;

  /**
   * The model's data: a folder or file, packed as `.tar.gz` and uploaded with the app; `s3://bucket/key` of such an archive; or
   * `s3://bucket/prefix/`, with a slash at its end, of files that are taken as they are: quicker for large models.
   *
   * @default - the image holds the model
   */
  readonly artefact?: string;
}

/** A model in AWS's public scikit-learn container. */
export interface ScikitLearnModelProps {
  /** Version of the container, such as `1.2-1`. */
  readonly version: string;

  /**
   * The model's data with `inference.py` in its folder `code`: a folder or file, packed as `.tar.gz` and uploaded with the app,
   * or `s3://bucket/key`.
   */
  readonly artefact: string;
}

/** @internal What SageMaker is told, and what its role must be allowed to read. */
export interface BoundModel {
  readonly modelPackageArn?: string;
  readonly image?: string;
  readonly artefactUrl?: string;
  /** The URL is a prefix of single files. */
  readonly isUncompressed?: true;
  /** Where the artefact is deployed with the stack. */
  readonly artefactSha256?: string;
  readonly environment: Record<string, string>;
  readonly statements: iam.PolicyStatement[];
  /** ARNs with wildcards in the statements. */
  readonly wildcards?: string[];
}

/**
 * What SageMaker is asked to run.
 *
 * @example
 * const model = ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7');
 */
export abstract class ModelSource {
  /**
   * A version in the model registry.
   *
   * @param modelPackageArn ARN of the model package
   */
  static modelPackage(modelPackageArn: string): ModelSource {
    return new BindableModel({ package: modelPackageArn }, (scope) => ({ modelPackageArn, environment: {}, ...packageAccess(scope) }));
  }

  /**
   * A container of one's own, with or without data beside it.
   *
   * @param props image and artefact
   */
  static container(props: ContainerModelProps): ModelSource {
    return new BindableModel({ image: props.image, ...charterArtefact(props.artefact) }, (scope) =>
      boundContainer(props.image, [repositoryOf(scope, props.image)], bindArtefact(scope, props.artefact), {}),
    );
  }

  /**
   * AWS's public scikit-learn container. Its image is in another account in every region; the region of the stack decides.
   *
   * @param props version and artefact
   */
  static scikitLearn(props: ScikitLearnModelProps): ModelSource {
    return new BindableModel({ container: `scikit-learn:${props.version}`, ...charterArtefact(props.artefact) }, (scope) => {
      const { image, environment, repository } = scikitLearnContainer(scope, props.version);
      return boundContainer(image, [repository], bindArtefact(scope, props.artefact), environment);
    });
  }

  /** @internal The same as the charter would write it. */
  abstract readonly _charter: Record<string, string>;

  /** @internal */
  abstract _bind(scope: Construct): BoundModel;
}

/** @internal A container, the repository that it is pulled from, and what it must be told. */
export interface KnownContainer {
  readonly image: string;
  readonly repository: string;
  readonly environment: Record<string, string>;
}

/** @internal AWS's public scikit-learn container in the region of the stack. */
export function scikitLearnContainer(scope: Construct, version: string): KnownContainer {
  const account = scikitLearnAccount(scope);
  const { region, urlSuffix } = Stack.of(scope);
  return {
    image: `${account}.dkr.ecr.${region}.${urlSuffix}/sagemaker-scikit-learn:${version}-cpu-py3`,
    repository: `arn:${Aws.PARTITION}:ecr:${region}:${account}:repository/sagemaker-scikit-learn`,
    environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
  };
}

/** @internal What a role needs to pull an image of the repositories. */
export const repositoryAccess = (repositories: string[]): iam.PolicyStatement[] => [
  new iam.PolicyStatement({ actions: ECR_READS, resources: [...new Set(repositories)] }),
  new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
];

class BindableModel extends ModelSource {
  constructor(
    override readonly _charter: Record<string, string>,
    private readonly binding: (scope: Construct) => BoundModel,
  ) {
    super();
  }

  override _bind(scope: Construct): BoundModel {
    return this.binding(scope);
  }
}

/** Absolute paths are fine in code, not in a charter: only the last part is checked there. */
function charterArtefact(artefact: string | undefined): Record<string, string> {
  if (artefact === undefined) return {};
  return { artefact: /^s3:/.test(artefact) ? artefact : artefact.replace(/^.*[\\/](?=.)/, '') };
}

function boundContainer(
  image: string,
  repositories: string[],
  artefact: BoundArtefact | undefined,
  environment: Record<string, string>,
): BoundModel {
  return {
    image,
    ...(artefact === undefined ? {} : { artefactUrl: artefact.url }),
    ...(artefact?.sha256 === undefined ? {} : { artefactSha256: artefact.sha256 }),
    ...(artefact?.uncompressed === undefined ? {} : { isUncompressed: true as const, wildcards: [artefact.objectArn] }),
    environment,
    statements: [
      new iam.PolicyStatement({
        actions: ECR_READS,
        resources: repositories,
      }),
      new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
      ...(artefact === undefined ? [] : artefactReads(artefact)),
    ],
  };
}

function artefactReads({ objectArn, uncompressed }: BoundArtefact): iam.PolicyStatement[] {
  const reading = new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [objectArn] });
  if (uncompressed === undefined) return [reading];
  const [bucketArn = '', ...key] = objectArn.split('/');
  const conditions = { StringLike: { 's3:prefix': key.join('/') } };
  return [reading, new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucketArn], conditions })];
}

const ECR_READS = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];

/** SageMaker reads a package's image and data as the model's role; which they are, only the registry knows. */
function packageAccess(scope: Construct): Pick<BoundModel, 'statements' | 'wildcards'> {
  const { partition, region, account } = Stack.of(scope);
  const images = `arn:${partition}:ecr:${region}:*:repository/*`;
  const objects = `arn:${partition}:s3:::*`;
  return {
    statements: [
      new iam.PolicyStatement({ actions: ECR_READS, resources: [images] }),
      new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
      new iam.PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [objects],
        conditions: { StringEquals: { 'aws:ResourceAccount': account } },
      }),
    ],
    wildcards: [images, objects],
  };
}

/** @internal What the model's role must be allowed to read. */
export const modelAccess = ({ statements, wildcards = [] }: BoundModel): Required<Pick<BoundModel, 'statements' | 'wildcards'>> => ({
  statements,
  wildcards,
});

/** @internal The same, where the model registry may hand over other packages later. */
export function registryAccess(scope: Construct, model: BoundModel): Required<Pick<BoundModel, 'statements' | 'wildcards'>> {
  const own = modelAccess(model);
  if (model.modelPackageArn !== undefined) return own;
  const { statements, wildcards = [] } = packageAccess(scope);
  return { statements: [...own.statements, ...statements], wildcards: [...own.wildcards, ...wildcards] };
}

/** What is not known before the deploy. */
const TOKEN = String.raw`\$\{Token\[[^\]]+\]\}`;
const ECR_IMAGE = new RegExp(
  String.raw`^(\d{12}|${TOKEN})\.dkr\.ecr\.([a-z0-9-]+|${TOKEN})\.(?:[a-z.]+|${TOKEN})\/([a-z0-9._/-]+)(?=[:@])`,
);

/** @internal Whose repository it is, where the image's name says so. */
export function repositoryOf(scope: Construct, image: string): string {
  const [, account, region, name] = ECR_IMAGE.exec(image) ?? [];
  const { partition, region: own, account: ownAccount } = Stack.of(scope);
  return `arn:${partition}:ecr:${region ?? own}:${account ?? ownAccount}:repository/${name ?? '*'}`;
}

function scikitLearnAccount(scope: Construct): string {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region)) {
    const account = SCIKIT_LEARN_ACCOUNTS[region];
    if (account !== undefined) return account;
    const regions = Object.keys(SCIKIT_LEARN_ACCOUNTS).join(', ');
    throw new Error(
      `AWS's scikit-learn container is not known in ${region}: give an image with ModelSource.container, or deploy to one of ${regions}.`,
    );
  }
  const known = scope.node.tryFindChild('ScikitLearnAccounts') as CfnMapping | undefined;
  const accounts =
    known ??
    new CfnMapping(scope, 'ScikitLearnAccounts', {
      mapping: Object.fromEntries(Object.entries(SCIKIT_LEARN_ACCOUNTS).map(([name, account]) => [name, { account }])),
    });
  return Fn.findInMap(accounts.logicalId, Aws.REGION, 'account');
}
