import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { checkLine, MOST_DATA_BYTES, MOST_DATA_LINES } from '../../core/gates/line';

/** What would fail a gate in the cloud is found at synth. */
export function checkDataFile(file: string): { sha256: string; lines: number } {
  const bytes = readFileSync(file);
  if (bytes.length > MOST_DATA_BYTES) throw new Error(`The data set ${file} has ${bytes.length} bytes; allowed are ${MOST_DATA_BYTES}.`);
  let lines = 0;
  bytes
    .toString('utf8')
    .split('\n')
    .forEach((text, index) => {
      if (text.trim() === '') return;
      checkText(text, `${file}:${index + 1}`);
      lines += 1;
    });
  if (lines === 0 || lines > MOST_DATA_LINES) {
    throw new Error(`The data set ${file} has ${lines} lines; allowed are 1 to ${MOST_DATA_LINES}, a JSON object each.`);
  }
  return { sha256: createHash('sha256').update(bytes).digest('hex'), lines };
}

function checkText(text: string, where: string): void {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new Error('the line is no JSON object');
    checkLine(row as Record<string, unknown>);
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}. Allowed is a JSON object a line, such as {"request": …, "expected": …}.`, {
      cause: error,
    });
  }
}
