import { entrySections, type EvidenceAudit, type EvidenceEntry, type Section } from '../../core/evidence';
import type { Lineage } from './lineage';

/** What an audit found, with what was asked for. */
export interface AuditReport {
  audit: EvidenceAudit;
  trust: string;
  /** Bundles that are told in full. */
  shown: EvidenceEntry[];
  lineage?: Lineage;
  /** What there is to say of a release without a bundle. */
  note?: string;
}

/** The audit for a terminal. */
export function auditText({ audit, trust, shown, lineage, note }: AuditReport): string {
  const blocks = [
    summary(audit, trust),
    ...(audit.findings.length === 0 ? [] : [audit.findings.map(({ code, key, words }) => `  ${code}  ${key}\n    ${words}`).join('\n')]),
    ...(audit.pending.length === 0 ? [] : [['not yet signed:', ...audit.pending.map(({ key, words }) => `  ${key}: ${words}`)].join('\n')]),
    ...(lineage === undefined ? [] : lineageSections(lineage).map(sectionText)),
    ...(note === undefined ? [] : [note]),
    ...(shown.length === 0 && lineage === undefined ? [chainText(audit)] : shown.map(entryText)),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function summary({ verified, findings, entries, signers }: EvidenceAudit, trust: string): string {
  const bundles = entries.length === 1 ? '1 bundle' : `${entries.length} bundles`;
  const [first] = entries.flatMap(({ bundle }) => (bundle === undefined ? [] : [bundle.useCase]));
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  return [
    `${first ?? 'evidence'}: ${bundles}, ${verified ? 'verified: each is what was signed, in its place' : `NOT VERIFIED: ${count}`}`,
    ...signers.map(({ keyArn, fingerprint }) => `  held against ${keyArn}, public key SHA-256 ${fingerprint}`),
    `  ${trust}`,
  ].join('\n');
}

function chainText({ entries }: EvidenceAudit): string {
  if (entries.length === 0) return 'no release has ended yet';
  const rows = entries.map(({ sequence, releaseId, bundle, head }) => [
    String(sequence),
    releaseId,
    bundle?.outcome ?? 'not readable',
    bundle?.endedAt ?? '',
    head === undefined ? 'no valid signature' : `signed ${head.signedAt}`,
  ]);
  return sectionText({ title: 'Chain', columns: ['place', 'release', 'ended as', 'at', 'signature'], rows });
}

const entryText = (entry: EvidenceEntry): string => entrySections(entry).map(sectionText).join('\n\n');

/** What is told of a decision, in every form of the report. */
export function lineageSections(lineage: Lineage): Section[] {
  const {
    decisionId,
    arm,
    servedRelease,
    releaseId,
    decidedAt,
    fallback,
    failed,
    latencyMillis,
    firstByteMillis,
    controlVersion,
    requestHash,
    responseHash,
  } = lineage;
  const decision = {
    title: 'Decision',
    rows: [
      ['decision', decisionId],
      ['decided at', decidedAt],
      ['arm', `${arm}${fallback ? ', but the baseline answered' : ''}${failed ? ' (the model failed)' : ''}`],
      ['release to answer', servedRelease],
      ['compared in release', releaseId],
      ['control record', `version ${controlVersion}`],
      ['latency', `${latencyMillis} ms${firstByteMillis === undefined ? '' : `, first byte after ${firstByteMillis} ms`}`],
      ['request SHA-256', requestHash],
      ['answer SHA-256', responseHash],
    ],
  };
  const outcomes = {
    title: 'Outcomes of its unit',
    columns: ['KPI', 'value', 'observed at', 'event'],
    rows: lineage.outcomes.map(({ kpi, value, observedAt, eventId }) => [kpi, String(value), observedAt, eventId]),
  };
  return [decision, outcomes].filter(({ rows }) => rows.length > 0);
}

/** Aligned columns; the last one is as long as it is. */
function sectionText({ title, columns, rows }: Section): string {
  const lines = columns === undefined ? rows : [columns, ...rows];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  const written = lines.map(
    (row) => `  ${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')}`,
  );
  return [title, ...written].map((line) => line.trimEnd()).join('\n');
}
