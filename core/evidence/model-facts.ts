import type { ModelFacts, ReleaseSpec } from '../contracts';

/** What DescribeModelPackage says of a version, as far as it matters here. */
export interface DescribedPackage {
  ModelApprovalStatus?: string | undefined;
  InferenceSpecification?: { Containers?: DescribedContainer[] | undefined } | undefined;
}

interface DescribedContainer {
  Image?: string | undefined;
  ImageDigest?: string | undefined;
  ModelDataUrl?: string | undefined;
  ModelDataETag?: string | undefined;
}

/** What the release names itself; a version of the registry says more. */
export function modelFacts(
  { model, artefactSha256 }: Pick<ReleaseSpec, 'model' | 'artefactSha256'>,
  described?: DescribedPackage,
): ModelFacts {
  const container = described?.InferenceSpecification?.Containers?.[0];
  const image = model.image ?? container?.Image;
  const facts = {
    packageArn: model.modelPackageArn,
    image,
    imageDigest: container?.ImageDigest ?? /@(sha256:[0-9a-f]{64})$/.exec(image ?? '')?.[1],
    artefactUrl: model.artefactUrl ?? container?.ModelDataUrl,
    artefactSha256,
    artefactETag: container?.ModelDataETag,
    approvalStatus: described?.ModelApprovalStatus,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as ModelFacts;
}
