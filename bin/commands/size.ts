import { writeFileSync } from 'node:fs';
import type { Charter } from '../../core/charter';
import { formatProblem } from '../../core/charter';
import { BadInputError } from '../../core/errors';
import type { RecommenderJob, Sizing, SizingRequest } from '../../core/sizing';
import { recommenderJob, sizingOf } from '../../core/sizing';
import type { ParsedArguments } from '../arguments';
import { helpText, parseArguments } from '../arguments';
import type { Io } from '../io';
import { complain, EXIT, print } from '../io';
import { pricesOf, sizingRequestOf, SPEC } from '../size/options';
import { sizingText } from '../size/text';
import { readCharter } from '../use-case';

export async function run(args: string[], io: Io): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const directory = parsed.positionals[0]!;
  const asJson = parsed.flags['json'] === true;
  const { file, result } = readCharter(directory, parsed.texts['profile']);
  if (!result.ok) {
    if (asJson) print(io, JSON.stringify({ ok: false, file, problems: result.problems }));
    else complain(io, result.problems.map(formatProblem).join('\n\n'));
    return EXIT.badInput;
  }
  const { charter } = result;
  const request = sizingRequestOf(parsed, charter);
  const book = pricesOf(parsed, charter, directory);
  const sizing = sizingOf(request, book);
  const job = writeRecommenderJob(parsed, charter, request, sizing);
  if (asJson) print(io, JSON.stringify({ ok: true, useCase: charter.name, ...request, currency: book.currency, ...sizing }));
  else print(io, sizingText(charter.name, request, sizing, book));
  if (job !== undefined && !asJson)
    print(io, `\nwrote ${job}: aws sagemaker create-inference-recommendations-job --cli-input-json file://${job}`);
  return EXIT.ok;
}

function writeRecommenderJob(parsed: ParsedArguments, charter: Charter, request: SizingRequest, sizing: Sizing): string | undefined {
  const file = parsed.texts['recommender'];
  if (file === undefined) return undefined;
  writeFileSync(file, `${JSON.stringify(jobOf(parsed, charter, request, sizing), undefined, 2)}\n`);
  return file;
}

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const PACKAGE = /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]{9,16}:\d{12}:model-package\/\S+$/;

function jobOf(parsed: ParsedArguments, charter: Charter, request: SizingRequest, { candidates }: Sizing): RecommenderJob {
  const roleArn = arn(parsed.texts['role'], ROLE, '--role ARN: the role under which Inference Recommender works');
  const modelPackageArn = arn(
    parsed.texts['model-package'] ?? charter.release.model.package,
    PACKAGE,
    '--model-package ARN: a version in the model registry (the charter names none): Inference Recommender tests what is registered',
  );
  const { requestsPerSecond, headroom, latencyP95Millis } = request;
  const latency = latencyP95Millis === undefined ? {} : { latencyP95Millis };
  const instanceTypes = candidates.map(({ instanceType }) => instanceType);
  if (instanceTypes.length === 0)
    throw new BadInputError('sluice size: --recommender needs an instance type to test: name one with --candidate TYPE');
  return recommenderJob({ useCase: charter.name, modelPackageArn, roleArn, instanceTypes, requestsPerSecond, headroom, ...latency });
}

function arn(given: string | undefined, pattern: RegExp, what: string): string {
  if (given !== undefined && pattern.test(given)) return given;
  throw new BadInputError(`sluice size: --recommender needs ${what}\n  given:   ${given ?? 'nothing'}`);
}
