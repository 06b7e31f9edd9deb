import type * as z from 'zod';
import { flag, keyArn, listOf, mapOf, matching, matchingOrToken, policyArn, relativePath, section } from '../fields';

const SECRET_NAME =
  'the name of a secret in Secrets Manager, such as chat/model-ops (no ARN, and not ending in a hyphen and six characters)';

/** What a platform team sets, usually through its own defaults. */
export const platform = section({
  permissionsBoundary: policyArn.optional(),
  existingEndpoint: matching(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'the name of a SageMaker endpoint').optional(),
  encryptionKey: keyArn.optional(),
  /** Name of a secret that holds an incoming webhook's URL. */
  chatWebhook: matching(/^(?!arn:)(?!.*-[A-Za-z0-9]{6}$)[\w/+=.@-]{1,256}$/, SECRET_NAME).optional(),
  /** A file with prices of one's own, laid over the price book. */
  prices: relativePath('a JSON file with prices').optional(),
  kpiHttp: flag.optional(),
  kpiFiles: flag.optional(),
  vpc: section({
    subnets: listOf(matchingOrToken(/^subnet-[0-9a-f]{8,17}$/, 'a subnet id such as subnet-0abc1234'), 'subnet ids', 1, 16),
    securityGroups: listOf(matchingOrToken(/^sg-[0-9a-f]{8,17}$/, 'a security group id such as sg-0abc1234'), 'security group ids', 1, 5),
  }).optional(),
});

export const tags = mapOf(
  /^(?!aws:|sluice:)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu,
  matching(/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u, 'a text of at most 256 characters (numbers in quotes)'),
  'a mapping from tag to text; aws: and sluice: are reserved',
);

export type Platform = z.output<typeof platform>;
