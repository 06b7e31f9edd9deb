import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';

const BLOCK = 512;

/** A folder or file as `.tar.gz`, the form SageMaker takes. The same content gives the same bytes: no times, no owners. */
export function tarGz(source: string): Buffer {
  const files = lstatSync(source).isDirectory() ? filesIn(source, '') : [{ name: path.basename(source), file: source }];
  if (files.length === 0) throw new Error(`The model artefact ${source} is empty: it must hold at least one file.`);
  const blocks = files.flatMap(({ name, file }) => entry(name, readFileSync(file), (lstatSync(file).mode & 0o111) !== 0));
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

function filesIn(folder: string, prefix: string): { name: string; file: string }[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .filter((item) => item.name !== '__pycache__' && item.name !== '.DS_Store')
    .flatMap((item) => {
      const file = path.join(folder, item.name);
      const name = prefix + item.name;
      if (item.isDirectory()) return filesIn(file, `${name}/`);
      if (!item.isFile()) throw new Error(`The model artefact holds ${file}, which is neither a file nor a folder: replace it by a copy.`);
      return [{ name, file }];
    });
}

function entry(name: string, content: Buffer, executable: boolean): Buffer[] {
  const header = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > 100) throw new Error(`The path ${name} in the model artefact is longer than 100 bytes: shorten it.`);
  header.write(name, 0);
  header.write(executable ? '0000755\0' : '0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}
