import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { handlerCode } from '../shared/handler-code';
import type { Baseline } from './baseline';

/** Puts the gateway's bundle and the use case's baseline into one directory for the time that `use` needs it. */
export function withGatewayCode<T>(baseline: Baseline, handler: 'gateway' | 'async-gateway', use: (directory: string) => T): T {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-gateway-'));
  try {
    cpSync(handlerCode(handler), directory, { recursive: true });
    writeFileSync(path.join(directory, 'baseline.js'), baseline._module);
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
