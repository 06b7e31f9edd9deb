import type { EvidenceAudit, EvidenceEntry } from './audit';
import { entrySections, type Section } from './sections';

/** The audit as a Markdown page: the chain, what is wrong with it, and the bundles asked for in full. */
export function auditMarkdown(audit: EvidenceAudit, shown: EvidenceEntry[], title: string, asked: Section[] = []): string {
  const parts = [
    `# ${escaped(title)}`,
    audit.verified ? '**Verified**: every bundle is what was signed, in its place.' : '**Not verified**: see the findings.',
    ...signers(audit),
    ...(audit.findings.length === 0 ? [] : [section(findings(audit), 2)]),
    ...(audit.pending.length === 0 ? [] : [section(pending(audit), 2)]),
    ...asked.map((one) => section(one, 2)),
    section(chain(audit), 2),
    ...shown.map(entryMarkdown),
  ];
  return `${parts.join('\n\n')}\n`;
}

function entryMarkdown(entry: EvidenceEntry): string {
  const heading = `## ${escaped(entry.releaseId)} (bundle ${entry.sequence})`;
  return [heading, ...entrySections(entry).map((one) => section(one, 3))].join('\n\n');
}

const signers = ({ signers: keys }: EvidenceAudit): string[] =>
  keys.map(({ keyArn, fingerprint }) => `Signatures were held against \`${keyArn}\`, whose public key has the SHA-256 \`${fingerprint}\`.`);

const findings = ({ findings: found }: EvidenceAudit): Section => ({
  title: 'Findings',
  columns: ['what', 'where', 'in words'],
  rows: found.map(({ code, key, words }) => [code, key, words]),
});

const pending = ({ pending: waiting }: EvidenceAudit): Section => ({
  title: 'Not yet signed',
  columns: ['where', 'in words'],
  rows: waiting.map(({ key, words }) => [key, words]),
});

const chain = ({ entries }: EvidenceAudit): Section => ({
  title: 'Chain',
  columns: ['place', 'release', 'ended as', 'at', 'SHA-256', 'signed'],
  rows: entries.map(({ sequence, releaseId, bundle, sha256, head }) => [
    String(sequence),
    releaseId,
    bundle?.outcome ?? 'not readable',
    bundle?.endedAt ?? '',
    sha256,
    head?.signedAt ?? 'no valid signature',
  ]),
});

function section({ title, columns, rows }: Section, level: number): string {
  const heading = `${'#'.repeat(level)} ${escaped(title)}`;
  if (columns === undefined) return [heading, '', '| | |', '|---|---|', ...rows.map(row)].join('\n');
  return [heading, '', row(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(row)].join('\n');
}

const row = (cells: string[]): string => `| ${cells.map(escaped).join(' | ')} |`;

/** Text of people and tools must not become markup. What was tampered with may lack any member. */
const escaped = (text: string | undefined): string =>
  String(text ?? 'missing')
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_<>|[\]#]/g, '\\$&');
