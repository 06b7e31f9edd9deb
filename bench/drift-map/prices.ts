import { BUILT_IN_PRICES, instancePrice } from '../../core/prices';

/** On demand, us-east-1, November 2026, in US dollars. Standard workflows; Lambda on arm64; S3 Standard. */
export const DOLLARS = {
  transition: 25 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  lambdaGigabyteSecond: 0.0000133334,
  s3Get: 0.0004 / 1000,
  s3PutOrList: 0.005 / 1000,
};

const MEBIBYTES_PER_VCPU = 1769;
/** What one function reads from S3 at a time: 400 to 700 Mbit/s are what people measure. */
const BYTES_PER_SECOND = 500e6 / 8;

export interface Spent {
  transitions: number;
  invocations: number;
  gets: number;
  putsAndLists: number;
  bytesRead: number;
  cpuSeconds: number;
  memoryMiB: number;
}

/** Reading does not overlap with counting here: on AWS a part of it does. A core of this machine stands for a vCPU. */
export function lambdaSeconds({ cpuSeconds, bytesRead, memoryMiB }: Spent): { counting: number; reading: number } {
  // One thread counts: more than a vCPU does not make it faster.
  return { counting: cpuSeconds / Math.min(1, memoryMiB / MEBIBYTES_PER_VCPU), reading: bytesRead / BYTES_PER_SECOND };
}

export function gigabyteSeconds(spent: Spent): number {
  const { counting, reading } = lambdaSeconds(spent);
  return ((counting + reading) * spent.memoryMiB) / 1024;
}

export function costOf(spent: Spent): Record<string, number> {
  return {
    'Lambda, GB-seconds': gigabyteSeconds(spent) * DOLLARS.lambdaGigabyteSecond,
    'Lambda, requests': spent.invocations * DOLLARS.lambdaRequest,
    'Step Functions, transitions': spent.transitions * DOLLARS.transition,
    'S3, GET': spent.gets * DOLLARS.s3Get,
    'S3, PUT and LIST': spent.putsAndLists * DOLLARS.s3PutOrList,
  };
}

/**
 * What a processing job bills at least. A script of 30 s took 8 min 17 s with its infrastructure (aws/sagemaker-python-sdk#4358); instances
 * are not billed while they are provisioned (aws/sagemaker-python-sdk#30, of training). Five minutes are left for the image, Spark and the data.
 */
export const JOB_MINUTES = 5;
export const JOB_INSTANCE = 'ml.m5.xlarge';

/** The price book knows hosting; processing costs the same for this type. */
export function jobDollarsPerHour(): number {
  const price = instancePrice(BUILT_IN_PRICES, 'us-east-1', JOB_INSTANCE);
  if (!price.known) throw new Error(price.why);
  return price.perHour;
}
