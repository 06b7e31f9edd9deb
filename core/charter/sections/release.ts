import * as z from 'zod';
import { imageUri, mapOf, matching, matchingOrToken, modelPackageArn, section } from '../fields';

const MODEL = 'package; or image, with artefact or without; or container with artefact';

const environmentValue = matching(/^[^\0]{0,1024}$/, 'a text of at most 1024 characters (numbers and true/false in quotes)');

const model = section({
  /** A version in the model registry. */
  package: modelPackageArn.optional(),
  /** A container image of one's own. */
  image: imageUri.optional(),
  /** AWS's public scikit-learn container by version: its image depends on the region. */
  container: matching(
    /^scikit-learn:\d[\w.-]{0,60}$/,
    "AWS's public scikit-learn container with its version: scikit-learn:1.2-1 (for another container give image)",
  ).optional(),
  /** The model's data: a folder or archive beside the charter, or an S3 URL. */
  artefact: matching(
    /^(s3:\/\/[a-z0-9.-]{3,63}\/\S{1,1000}|(?![/~])(?![a-zA-Z]:)(?!\w+:\/\/)[^\\\0\n]{1,300})$/,
    'a folder or file beside the charter, or s3://bucket/key',
  ).optional(),
  environment: mapOf(
    /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/,
    environmentValue,
    'a mapping from environment variable to text; SLUICE_… is reserved',
  ).default({}),
  /** Environment variable → name of a secret whose ARN it gets; the container may read it. */
  secrets: mapOf(
    /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/,
    matching(/^(?!arn:)(?!.*-[A-Za-z0-9]{6}$)[\w/+=.@-]{1,256}$/, 'the name of a secret in Secrets Manager, such as models/hub-token'),
    'a mapping from environment variable to the name of a secret; SLUICE_… is reserved',
  ).default({}),
}).superRefine((chosen, context) => {
  const sources = [chosen.package, chosen.image, chosen.container].filter((value) => value !== undefined).length;
  const artefactFits =
    chosen.package !== undefined ? chosen.artefact === undefined : chosen.container === undefined || chosen.artefact !== undefined;
  if (sources !== 1 || !artefactFits) context.addIssue({ code: 'custom', message: MODEL });
});

const GROUP = 'the name of a model package group, or its ARN where the registry is in another account';

/** Whose approvals ask for releases. */
const registry = section({
  group: matchingOrToken(
    /^([a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}|arn:aws(-[a-z]+)*:sagemaker:[a-z0-9-]+:\d{12}:model-package-group\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62})$/,
    GROUP,
  ),
});

/** One hash over model and behaviour: a changed prompt, index or threshold is a release like a changed model. */
export const release = section({
  model,
  registry: registry.optional(),
  behaviour: z.record(z.string(), z.json(), { error: 'a mapping of JSON values' }).default({}),
});

export type Release = z.output<typeof release>;
