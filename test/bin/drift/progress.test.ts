import { DriftProgress } from '../../../bin/drift/progress';

const MEGABYTES = 2 ** 20;

function shown(isTTY: boolean, byteLength: number, steps: (progress: DriftProgress) => void): string {
  let text = '';
  const io = { stdout: { write: () => true }, stderr: { isTTY, write: (part: string) => (text += part) } };
  const progress = new DriftProgress(io, byteLength);
  steps(progress);
  progress.close();
  return text;
}

const reading = (progress: DriftProgress): void => {
  progress.show('a.csv', 10 * MEGABYTES);
  progress.show('a.csv', 10 * MEGABYTES + 1);
  progress.add(20 * MEGABYTES);
  progress.show('b.csv', 10 * MEGABYTES);
};

test('one line that moves on a terminal, over all files, and goes away', () => {
  const lines = shown(true, 40 * MEGABYTES, reading).split('\r\u001b[2K');
  expect(lines).toEqual(['', 'reading a.csv: 25 %', 'reading b.csv: 75 %', '']);
});

test('nothing elsewhere, and nothing of small files', () => {
  expect(shown(false, 40 * MEGABYTES, reading)).toBe('');
  expect(shown(true, MEGABYTES, reading)).toBe('');
});
