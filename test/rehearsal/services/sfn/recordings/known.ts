/** Recordings that the laptop cloud does not answer as AWS did, and why. The test fails when one of them agrees after all. */
export const KNOWN: Record<string, string> = {};
