import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pc from 'picocolors';
import { backtest, columnNames } from '../../core/backtest';
import { BadInputError } from '../../core/errors';
import { helpText, parseArguments } from '../arguments';
import { SPEC } from '../backtest/options';
import { renderBacktest } from '../backtest/page';
import { planOf } from '../backtest/plan';
import { ReadingProgress } from '../backtest/progress';
import { checkParquet, historyFile, readHistory } from '../backtest/source';
import { backtestText } from '../backtest/terminal';
import type { Io } from '../io';
import { complain, EXIT, print } from '../io';

export async function run(args: string[], io: Io): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const html = parsed.texts['html'];
  refusePage(html);
  const plan = planOf(parsed);
  const file = historyFile(parsed.positionals[0]!);
  const progress = new ReadingProgress(io, file.byteLength);
  const columns = columnNames(plan);
  const result = await withFileName(file.path, async () => {
    await checkParquet(file, plan);
    return backtest(plan, (reading) => readHistory(file, columns, (bytes) => progress.show(reading, bytes)));
  }).finally(() => progress.close());
  if (parsed.flags['json'] === true) print(io, JSON.stringify({ ...result, file: file.path }));
  else print(io, backtestText(result, pc.createColors(coloured(io))));
  if (html !== undefined) {
    writeFileSync(html, renderBacktest(result, path.basename(file.path)));
    complain(io, `page: ${path.resolve(html)}`);
  }
  return EXIT.ok;
}

/** What is wrong with the rows gets the name of the file. */
async function withFileName<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadInputError && !error.message.startsWith(file)) throw new BadInputError(`${file}: ${error.message}`);
    throw error;
  }
}

const coloured = (io: Io): boolean => (io.stdout as { isTTY?: boolean }).isTTY === true && !process.env.NO_COLOR;

/** Before anything is read. */
function refusePage(file: string | undefined): void {
  if (file === undefined) return;
  const folder = path.dirname(path.resolve(file));
  const refused = (why: string): BadInputError =>
    new BadInputError(
      `sluice backtest: --html ${why}\n  given:   ${file}\n  allowed: a file, such as backtest.html, in a folder that exists`,
    );
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw refused(`goes to a folder that does not exist: ${folder}`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw refused('is a folder');
}
