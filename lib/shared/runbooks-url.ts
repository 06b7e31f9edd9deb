/** The guides of this package. */
export const RUNBOOKS_URL = 'https://github.com/cdk-sluice/cdk-sluice/blob/main/constructs-docs/runbooks';
