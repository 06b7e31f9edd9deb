/** What a use case's stack is made under, wherever: the app that init writes, `cdk deploy` and the rehearsal. */

/** The construct's id: `support-triage` → `SupportTriage`. */
export const constructId = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

export const stackDescription = (name: string): string => `${name}: an AI use case carried by Sluice`;
