// Drift of data as it is: three million flights of 2001, and the SpamAssassin mails.
// node bench/run.mjs drift-real [folder for reports and their files]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compareFiles } from '../bin/drift/run';
import { dayTable, weekFiles, readFlights, rhythmTable, weeksTable } from './drift-real/flights';
import { datesTable, kindFiles, kindsTable, readMails, timeTable } from './drift-real/mail';

const [, , given] = process.argv;
const folder = given ?? mkdtempSync(path.join(tmpdir(), 'sluice-drift-'));
mkdirSync(folder, { recursive: true });

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The command itself on files, with its report. */
async function command(report: string, files: { name: string; text: string }[]): Promise<void> {
  for (const { name, text } of files) writeFileSync(path.join(folder, name), text);
  process.chdir(folder);
  const args = [...files.map(({ name }) => name), '--report', report];
  say(`\n\`sluice drift ${args.join(' ')}\`\n\n\`\`\``);
  const code = await compareFiles(args, process);
  say(`\`\`\`\nexit code ${code}`);
}

async function run(): Promise<void> {
  const mails = readMails();
  const flights = await readFlights();
  say(`## Flights by week\n\n${weeksTable(flights)}`);
  say(`\n## Hours of the fourth week beside the first three\n\n${rhythmTable(flights)}`);
  say(`\n## flights-200k by time of day\n\n${dayTable()}`);
  say(`\n## Mails by date\n\n${datesTable(mails)}\n\n${timeTable(mails)}`);
  say(`\n## Mails by kind\n\n${kindsTable(mails)}`);
  await command('flights.html', weekFiles(flights));
  await command('mail.html', kindFiles(mails));
}

run()
  .finally(() => {
    if (given === undefined) rmSync(folder, { recursive: true, force: true });
  })
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
