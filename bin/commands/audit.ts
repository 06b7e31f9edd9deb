import { existsSync, readFileSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import type { ReleaseRecord, SignedHead } from '../../core/contracts';
import { ledgerKeys } from '../../core/contracts';
import { didYouMean } from '../../core/charter/suggest';
import { auditMarkdown, type EvidenceAudit, type EvidenceEntry, readHead, verifyEvidence } from '../../core/evidence';
import { BadInputError } from '../../core/errors';
import type { CommandSpec, ParsedArguments } from '../arguments';
import { helpText, parseArguments } from '../arguments';
import { awsSource, connectAudit, type ConnectAudit } from '../audit/aws-source';
import { folderSource } from '../audit/folder-source';
import { isDecisionId, type Lineage, lineageOf } from '../audit/lineage';
import type { AuditSource } from '../audit/source';
import { type AuditReport, auditText, lineageSections } from '../audit/text';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import { outputOf } from './kpi/rejected-events';

const SPEC: CommandSpec = {
  name: 'audit',
  summary: 'Verifies the evidence of a use case, and tells what it says of a release or of a single decision.',
  positionals: ['[release|decision]'],
  options: {
    folder: { type: 'string', value: 'DIR', help: 'a copy of the evidence bucket: nothing of AWS is asked' },
    'public-key': { type: 'string', value: 'FILE', help: 'PEM of the signing key, where it is not to be taken from KMS or the folder' },
    'known-head': { type: 'string', value: 'FILE', help: 'a head kept since an earlier audit: it must still stand in the chain' },
    markdown: { type: 'boolean', help: 'prints a Markdown page' },
    json: { type: 'boolean', help: 'prints JSON' },
    bucket: { type: 'string', value: 'NAME', help: "default: the stack's output EvidenceBucketName" },
    key: { type: 'string', value: 'ARN', help: "the signing key; default: the stack's output EvidenceKeyArn" },
    table: { type: 'string', value: 'NAME', help: "the ledger; default: the stack's output LedgerTableName" },
    outputs: { type: 'string', value: 'FILE', help: 'what cdk deploy --outputs-file wrote; default cdk-outputs.json' },
    stack: { type: 'string', value: 'NAME', help: 'which stack in that file' },
    region: { type: 'string', value: 'REGION', help: 'AWS region; default: as configured' },
  },
  notes: [
    'Reads with your AWS credentials: s3:ListBucketVersions, s3:GetObjectVersion, kms:GetPublicKey, dynamodb:GetItem, dynamodb:Query.',
    'exit codes: 0 verified, 1 something is not as it was signed (what and where is printed) or AWS cannot be reached, 2 bad input',
  ],
};

export async function run(args: string[], io: Io, connect: ConnectAudit = connectAudit, now: () => number = Date.now): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  if (parsed.flags['json'] === true && parsed.flags['markdown'] === true) {
    throw new BadInputError('sluice audit: --json and --markdown exclude each other');
  }
  const known = knownHeadOf(parsed);
  const source = await sourceOf(parsed, connect, new Date(now()).toISOString());
  const audit = verifyEvidence({ ...source.evidence, ...(known === undefined ? {} : { knownHead: known }) });
  const report = { audit, trust: source.trust, ...(await askedFor(parsed.positionals[0], audit, source)) };
  print(io, rendered(report, parsed));
  return audit.verified ? EXIT.ok : EXIT.failed;
}

function sourceOf(parsed: ParsedArguments, connect: ConnectAudit, atIso: string): Promise<AuditSource> | AuditSource {
  const { folder, region } = parsed.texts;
  const pem = publicKeyOf(parsed);
  const publicKey = pem === undefined ? {} : { publicKey: pem };
  if (folder !== undefined) {
    const also = ['bucket', 'key', 'table', 'outputs', 'stack', 'region'].filter((name) => parsed.texts[name] !== undefined);
    if (also.length > 0) {
      throw new BadInputError(`sluice audit: --folder goes without --${also.join(', --')}: a folder is verified without AWS`);
    }
    return folderSource({ folder, atIso, ...publicKey });
  }
  const place = {
    bucket: outputOf('EvidenceBucketName', parsed, 'bucket'),
    keyArn: outputOf('EvidenceKeyArn', parsed, 'key'),
    table: outputOf('LedgerTableName', parsed, 'table'),
  };
  return awsSource({ ...place, atIso, ...publicKey, ...(region === undefined ? {} : { region }) }, connect);
}

function publicKeyOf(parsed: ParsedArguments): { file: string; pem: string } | undefined {
  const file = parsed.texts['public-key'];
  if (file === undefined) return undefined;
  const pem = readFile(file);
  try {
    createPublicKey(pem);
  } catch {
    throw new BadInputError(
      `${file}: is no public key\n  allowed: PEM, as in keys/ of the evidence bucket, or as aws kms get-public-key gives it in base64`,
    );
  }
  return { file, pem };
}

function knownHeadOf(parsed: ParsedArguments): SignedHead | undefined {
  const file = parsed.texts['known-head'];
  if (file === undefined) return undefined;
  const read = readHead(Buffer.from(readFile(file), 'utf8'));
  if (!read.ok) throw new BadInputError(`${file}: is no head: ${read.why}\n  allowed: a file of heads/ in the evidence bucket, unchanged`);
  return read.value;
}

function readFile(file: string): string {
  if (!existsSync(file)) throw new BadInputError(`${file}: there is no such file`);
  return readFileSync(file, 'utf8');
}

type Asked = Pick<AuditReport, 'shown' | 'lineage' | 'note'>;

async function askedFor(named: string | undefined, audit: EvidenceAudit, { ledger }: AuditSource): Promise<Asked> {
  if (named === undefined) return { shown: [] };
  if (!isDecisionId(named)) return ofRelease(named, audit, ledger);
  if (ledger === undefined) {
    throw new BadInputError(
      'sluice audit: a decision stands in the ledger, which a folder does not hold\n  give the decision without --folder',
    );
  }
  const lineage = await lineageOf(ledger, named);
  return { lineage, ...ofServed(lineage, audit) };
}

async function ofRelease(releaseId: string, audit: EvidenceAudit, ledger: AuditSource['ledger']): Promise<Asked> {
  const shown = bundlesOf(releaseId, audit);
  // What is missing is told by the findings.
  if (shown.length > 0 || audit.findings.some((finding) => finding.releaseId === releaseId)) return { shown };
  const record = await ledger?.get<ReleaseRecord>(ledgerKeys.release(releaseId));
  if (record !== undefined) return { shown, note: `${releaseId} has not ended (${record.status}): its bundle is written when it does` };
  const ids = [...new Set(audit.entries.map((entry) => entry.releaseId))];
  const hint = didYouMean(releaseId, ids);
  throw new BadInputError(
    [
      `sluice audit: there is no release ${releaseId}`,
      `  allowed: ${ids.length === 0 ? 'none has ended yet' : ids.join(', ')}; or a decision's id`,
      ...(hint === undefined ? [] : [`  ${hint}`]),
    ].join('\n'),
  );
}

function ofServed({ servedRelease }: Lineage, audit: EvidenceAudit): Pick<Asked, 'shown' | 'note'> {
  const shown = bundlesOf(servedRelease, audit);
  if (shown.length > 0) return { shown };
  const note =
    servedRelease === 'baseline'
      ? 'the baseline was to answer: no release stands behind it'
      : `${servedRelease} has no bundle: it has not ended, or was found, not made`;
  return { shown, note };
}

const bundlesOf = (releaseId: string, { entries }: EvidenceAudit): EvidenceEntry[] =>
  entries.filter((entry) => entry.releaseId === releaseId);

function rendered(report: AuditReport, parsed: ParsedArguments): string {
  const { audit, shown, trust, lineage, note } = report;
  if (parsed.flags['markdown'] === true) {
    return auditMarkdown(audit, shown, titleOf(report), lineage === undefined ? [] : lineageSections(lineage)).trimEnd();
  }
  if (parsed.flags['json'] !== true) return auditText(report);
  const { verified, findings, pending, signers, entries } = audit;
  const chain = entries.map(({ bundle, ...entry }) => ({ ...entry, outcome: bundle?.outcome, endedAt: bundle?.endedAt }));
  const bundles = shown.map(({ bundle }) => bundle);
  return JSON.stringify({ verified, findings, pending, signers, trust, chain, bundles, decision: lineage, note }, null, 2);
}

function titleOf({ shown, lineage }: AuditReport): string {
  if (lineage !== undefined) return `Audit of decision ${lineage.decisionId}`;
  const [first] = shown;
  return first === undefined ? 'Audit of the evidence' : `Audit of release ${first.releaseId}`;
}
