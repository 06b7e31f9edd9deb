/** Names of what a release makes on SageMaker: at most 63 characters, all below the stack's prefix, so that policies can name them. */
export interface ReleaseNames {
  modelName: string;
  /** Stable and the candidate without traffic of its own. */
  darkConfigName: string;
  /** The release alone. */
  liveConfigName: string;
  /** Stable, and the candidate as its shadow. */
  shadowConfigName: string;
  /** The release's own endpoint, where it does not share stable's. */
  endpointName: string;
  /** The release as an inference component. */
  componentName: string;
}

const MAX_NAME_CHARACTERS = 63;
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;

export function releaseNames(prefix: string, releaseId: string): ReleaseNames {
  return {
    modelName: checked(`${prefix}-${releaseId}`),
    darkConfigName: checked(`${prefix}-${releaseId}-dark`),
    liveConfigName: checked(`${prefix}-${releaseId}-live`),
    shadowConfigName: checked(`${prefix}-${releaseId}-shadow`),
    endpointName: checked(`${prefix}-${releaseId}`),
    componentName: checked(`${prefix}-${releaseId}`),
  };
}

/** One name for good: alarms and dashboards have it as a dimension. */
export function endpointNameOf(prefix: string): string {
  return checked(`${prefix}-endpoint`);
}

/** `r7-3f2a9c1b`. */
export function releaseIdOf(sequence: number, hash: string): string {
  return `r${sequence}-${hash.slice(0, 8)}`;
}

function checked(name: string): string {
  if (name.length > MAX_NAME_CHARACTERS || !NAME.test(name)) {
    throw new Error(
      `Name '${name}' has ${name.length} characters; SageMaker allows ${MAX_NAME_CHARACTERS} of a-z, A-Z, 0-9 and inner hyphens: shorten RESOURCE_PREFIX`,
    );
  }
  return name;
}
