import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Charter } from '../../core/charter';
import { BadInputError } from '../../core/errors';
import type { ModelSize } from '../../core/instances';
import type { PriceBook } from '../../core/prices';
import { BUILT_IN_PRICES, withPriceFile } from '../../core/prices';
import type { SizingRequest } from '../../core/sizing';
import { measurementsOf } from '../../core/sizing';
import type { CommandSpec, ParsedArguments } from '../arguments';
import { positiveNumberOf } from '../arguments';

export const SPEC: CommandSpec = {
  name: 'size',
  summary: 'Says which instances answer an expected load, how many of them, and what they cost; throughput only from measurements.',
  positionals: ['<dir>'],
  options: {
    'requests-per-second': {
      type: 'string',
      value: 'N',
      help: "the load you expect at its peak; default: that of the charter's load gate",
    },
    'latency-p95': {
      type: 'string',
      value: 'MILLIS',
      help: "95 of 100 answers take at most so long; default: the load gate's, where it asks for p95",
    },
    region: { type: 'string', value: 'NAME', help: 'AWS region whose prices count; default: AWS_REGION' },
    prices: {
      type: 'string',
      value: 'FILE',
      help: "a JSON file of prices laid over the built-in ones; default: the charter's platform.prices",
    },
    measured: {
      type: 'string',
      value: 'FILE',
      help: 'what one instance answers: a benchmark file, or the output of describe-inference-recommendations-job. May be repeated',
      repeatable: true,
    },
    candidate: {
      type: 'string',
      value: 'TYPE',
      help: 'an instance type to look at, beside the one of the charter. May be repeated',
      repeatable: true,
    },
    'parameters-billion': { type: 'string', value: 'N', help: 'size of the model: rules out what has too little memory' },
    bits: { type: 'string', value: 'N', help: 'of one parameter: 32, 16, 8 or 4; default: 16' },
    headroom: { type: 'string', value: 'SHARE', help: 'on top of the load; default: 0.3' },
    spare: { type: 'boolean', help: 'one instance more than needed (N+1)' },
    profile: { type: 'string', value: 'NAME', help: 'lays this profile of the charter over its serving section' },
    recommender: { type: 'string', value: 'FILE', help: "writes a load test for SageMaker's Inference Recommender" },
    role: { type: 'string', value: 'ARN', help: 'role under which Inference Recommender works' },
    'model-package': { type: 'string', value: 'ARN', help: "version in the model registry; default: the charter's release.model.package" },
    json: { type: 'boolean', help: 'prints one JSON object and nothing else' },
  },
  notes: [
    'sluice size examples/claims-summary --requests-per-second 4 --latency-p95 8000 --region us-east-1 --parameters-billion 8',
    'exit codes: 0 said what is known, 2 bad input',
  ],
};

const BITS = [4, 8, 16, 32];
const DEFAULT_HEADROOM = 0.3;

export function sizingRequestOf(parsed: ParsedArguments, charter: Charter): SizingRequest {
  const gate = charter.gates.flatMap(({ load }) => (load === undefined ? [] : [load]))[0];
  const requestsPerSecond =
    positiveNumberOf(parsed, SPEC, 'requests-per-second') ?? (gate === undefined ? undefined : gate.requestsPerMinute / 60);
  if (requestsPerSecond === undefined) {
    throw new BadInputError(
      'sluice size: --requests-per-second N is missing: the load you expect at its peak (the charter has no load gate that says it)',
    );
  }
  const gateLatency = gate?.latency?.percentile === 95 ? gate.latency.below : undefined;
  const latencyP95Millis = positiveNumberOf(parsed, SPEC, 'latency-p95') ?? gateLatency;
  const model = modelSizeOf(parsed);
  const files = parsed.lists?.['measured'] ?? [];
  return {
    region: regionOf(parsed),
    requestsPerSecond,
    headroom: headroomOf(parsed),
    spare: parsed.flags['spare'] === true,
    asked: [...askedByCharter(charter), ...(parsed.lists?.['candidate'] ?? []).map(instanceType)],
    measurements: files.flatMap((file) => measurementsOf(readText(file, 'measured'), file)),
    ...(latencyP95Millis === undefined ? {} : { latencyP95Millis }),
    ...(model === undefined ? {} : { model }),
  };
}

const askedByCharter = ({ serving: { instance, pools } }: Charter): string[] => pools ?? (instance === undefined ? [] : [instance]);

function instanceType(given: string): string {
  if (/^ml\.[a-z][a-z0-9-]{0,15}\.[a-z0-9]{2,16}$/.test(given)) return given;
  throw new BadInputError(`sluice size: --candidate is an instance type such as ml.g5.xlarge; given: ${given}`);
}

function regionOf(parsed: ParsedArguments): string {
  const region = parsed.texts['region'] ?? process.env['AWS_REGION'];
  if (region === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new BadInputError(
      `sluice size: --region is an AWS region such as eu-west-1 (default: AWS_REGION); given: ${region ?? 'nothing'}`,
    );
  }
  return region;
}

function headroomOf(parsed: ParsedArguments): number {
  const text = parsed.texts['headroom'];
  if (text === undefined) return DEFAULT_HEADROOM;
  const share = Number(text);
  if (!(share >= 0 && share <= 10)) throw new BadInputError(`sluice size: --headroom is a share from 0 to 10, such as 0.3; given: ${text}`);
  return share;
}

function modelSizeOf(parsed: ParsedArguments): ModelSize | undefined {
  const parametersBillion = positiveNumberOf(parsed, SPEC, 'parameters-billion');
  const bits = positiveNumberOf(parsed, SPEC, 'bits');
  if (bits !== undefined && !BITS.includes(bits))
    throw new BadInputError(`sluice size: --bits is one of ${BITS.join(', ')}; given: ${bits}`);
  if (parametersBillion !== undefined) return { parametersBillion, bits: bits ?? 16 };
  if (bits === undefined) return undefined;
  throw new BadInputError('sluice size: --bits goes with --parameters-billion N');
}

/** The built-in prices under those of the file that was given, or that the charter names. */
export function pricesOf(parsed: ParsedArguments, charter: Charter, directory: string): PriceBook {
  const ofCharter = charter.platform.prices;
  const file = parsed.texts['prices'] ?? (ofCharter === undefined ? undefined : path.join(directory, ofCharter));
  return file === undefined ? BUILT_IN_PRICES : withPriceFile(BUILT_IN_PRICES, readText(file, 'prices'), file);
}

function readText(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadInputError(`sluice size: --${option}: ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
