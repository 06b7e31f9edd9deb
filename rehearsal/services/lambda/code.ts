import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RefusalContext } from '../../cloud/types';
import { unzip } from './unzip';

/** Where the code of a function or a layer lies, or why there is none that could run. */
export type Code = { directory: string } | { problem: string };

interface CodeProperties {
  S3Bucket?: string;
  S3Key?: string;
  ZipFile?: string;
  ImageUri?: string;
}

/** `Code` of a function, `Content` of a layer. */
export function codeOf(given: unknown, context: Pick<RefusalContext, 'assetPath'>): Code {
  const { ImageUri, ZipFile, S3Bucket, S3Key } = (given ?? {}) as CodeProperties;
  if (ImageUri !== undefined) return { problem: 'code in a container image' };
  if (ZipFile !== undefined) return { directory: inline(String(ZipFile)) };
  if (S3Bucket === undefined || S3Key === undefined) return { problem: 'code that is neither inline nor an asset' };
  const asset = context.assetPath(S3Bucket, S3Key);
  if (asset === undefined) return { problem: `the code s3://${S3Bucket}/${S3Key}, which is no asset of this assembly` };
  if (!existsSync(asset)) return { problem: `the asset ${path.basename(asset)}, which is not in the assembly` };
  if (statSync(asset).isDirectory()) return { directory: asset };
  return asset.endsWith('.zip') ? { directory: unpacked(asset) } : { problem: `the asset ${path.basename(asset)} as code` };
}

/** A folder of this thread's own, which nobody else may write to. */
let unpackedCode: string | undefined;
const made = new Set<string>();

/** Removes what inline code and archives were unpacked to. */
export function removeUnpackedCode(): void {
  if (unpackedCode !== undefined) rmSync(unpackedCode, { recursive: true, force: true });
  unpackedCode = undefined;
  made.clear();
}

/** Named by its content: the same code is unpacked once. */
function kept(kind: string, content: string | Uint8Array, fill: (directory: string) => void): string {
  unpackedCode ??= mkdtempSync(path.join(tmpdir(), 'sluice-code-'));
  const directory = path.join(unpackedCode, `${kind}-${createHash('sha256').update(content).digest('hex').slice(0, 32)}`);
  if (made.has(directory)) return directory;
  mkdirSync(directory, { recursive: true });
  fill(directory);
  made.add(directory);
  return directory;
}

const inline = (source: string): string => kept('inline', source, (directory) => writeFileSync(path.join(directory, 'index.js'), source));

function unpacked(file: string): string {
  const archive = readFileSync(file);
  return kept('zip', archive, (directory) => {
    for (const { name, content } of unzip(archive)) {
      const target = path.join(directory, name);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  });
}
