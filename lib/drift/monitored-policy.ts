/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- these functions construct for the construct that calls them */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Stack, Token } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { type CharterData, driftBaselineOf, driftPolicyFrom } from '../../core/charter';
import { driftSectionFindings } from '../../core/charter/drift-checks';
import { formatPath } from '../../core/charter/problem';
import { drift as driftSchema, type DriftSection } from '../../core/charter/sections/drift';
import type { DataSet, DriftPolicy } from '../../core/contracts';
import type { DriftSettings } from './drift-settings';
import { writtenDrift } from './written-drift';

/** A section of a charter, which is checked already. */
export interface CheckedDrift {
  readonly section: DriftSection;
  readonly fileOf: (written: string) => string;
  /** Whether units stay with the baseline for good. */
  readonly holdout: boolean;
}

/** The policy as it is deployed: in a file, since it is larger than an environment may be. */
export interface DeployedPolicy {
  readonly policy: DriftPolicy;
  readonly asset: Asset;
  /** ARNs of what the baseline is made of. */
  readonly sources: string[];
}

/** A charter's section stands for settings that say nothing of it. */
const fromCharters = new WeakMap<DriftSettings, CheckedDrift>();

export function settingsWith<T extends DriftSettings>(settings: T, checked: CheckedDrift): T {
  fromCharters.set(settings, checked);
  return settings;
}

/** Checks the settings by the rules of the charter, and uploads them with the files of the baseline. */
export function deployPolicy(scope: Construct, settings: DriftSettings, owners: string[]): DeployedPolicy {
  const { section, fileOf, holdout } = fromCharters.get(settings) ?? checked(settings);
  const owner = section.owner ?? (owners.includes('quality') ? 'quality' : 'process');
  const sources: string[] = [];
  const placed = driftPolicyFrom(section, { owner, holdout });
  const policy: DriftPolicy = { ...placed, baseline: driftBaselineOf(section.baseline, (data) => place(scope, data, fileOf, sources)) };
  return { policy, asset: withFile('policy.json', JSON.stringify(policy), (file) => new Asset(scope, 'Policy', { path: file })), sources };
}

function checked(settings: DriftSettings): CheckedDrift {
  const parsed = driftSchema.safeParse(withoutUndefined(writtenDrift(settings)));
  const problems = parsed.success
    ? driftSectionFindings(parsed.data).map((finding) => `${formatPath(finding.path)} ${finding.message}; allowed: ${finding.allowed}`)
    : parsed.error.issues.map(({ path: at, message }) => `${at.join('.')} is not allowed; allowed: ${message}`);
  if (!parsed.success || problems.length > 0) {
    throw new Error(`Drift cannot be watched like this:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
  // Whether units stay with the baseline stands in the control record, which the handler reads.
  return { section: parsed.data, fileOf: (written) => path.resolve(written), holdout: true };
}

/** Where a file of the baseline is once it is deployed. Files of the app lie beside the policy, in a bucket that has its name at deploy time. */
function place(scope: Construct, data: CharterData, fileOf: (written: string) => string, sources: string[]): DataSet {
  if (!('file' in data)) {
    sources.push(`arn:${Stack.of(scope).partition}:s3:::${data.bucket}/${data.key}`);
    return data;
  }
  const file = fileOf(data.file);
  if (!existsSync(file)) throw new Error(`The drift baseline ${file} is not there: give the path of a file.`);
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const asset = new Asset(scope, `Data${sha256.slice(0, 8)}`, { path: file });
  if (Token.isUnresolved(asset.s3ObjectKey)) {
    throw new Error(
      `The name of ${file} in the asset bucket is known at deploy time only: use a synthesizer that names assets by their hash.`,
    );
  }
  sources.push(`${asset.bucket.bucketArn}/${asset.s3ObjectKey}`);
  return { bucket: '', key: asset.s3ObjectKey, sha256 };
}

function withFile<T>(name: string, text: string, use: (file: string) => T): T {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-drift-'));
  try {
    const file = path.join(directory, name);
    writeFileSync(file, text);
    return use(file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutUndefined(item)]));
}
