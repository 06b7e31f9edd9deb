/**
 * Rows a second of reading data capture, on one core: cutting lines, `JSON.parse` of each line (the floor of an honest reader),
 * readline with what comes to mind first, the plain reader and the byte scanner, both with profiling. All in one run.
 * node bench/run.mjs drift-read [records, default 200000] [times each, default 5]
 */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createProfiler, createSampler, nothingSkipped } from '../core/drift/count';
import { type CaptureReader, createCaptureReader } from '../core/drift/read';
import { captureBytes, type BodyKind, layoutOf, POLICIES, withJoint } from './drift-read/records';

/** As streams of files give them; for `JSON.parse` it is also the fastest: texts of 256 KiB cost half as much again. */
const BLOCK_BYTES = 1 << 16;
/** Shares of the floor that are promised. */
const TARGETS = { plain: 0.7, scanner: 1.3 };

const [records = 200_000, times = 5] = process.argv.slice(2).map(Number);

type Way = (bytes: Buffer) => number | Promise<number>;

function blocksOf(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) blocks.push(bytes.subarray(at, at + BLOCK_BYTES));
  return blocks;
}

/** Lines of all blocks, decoded at once where they are ASCII: the fastest that we know. */
function eachLine(bytes: Buffer, take: (line: string) => void): void {
  let rest = '';
  for (const block of blocksOf(bytes)) {
    const lines = (rest + block.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  }
  if (rest !== '') take(rest);
}

function linesAlone(bytes: Buffer): number {
  let rows = 0;
  eachLine(bytes, () => {
    rows += 1;
  });
  return rows;
}

function parsedLines(bytes: Buffer): number {
  let rows = 0;
  eachLine(bytes, (line) => {
    if (JSON.parse(line) !== null) rows += 1;
  });
  return rows;
}

/** The whole file as one text, as small scripts do: slower, for the texts are large. */
function parsedWhole(bytes: Buffer): number {
  let rows = 0;
  for (const line of bytes.toString('latin1').split('\n')) if (line !== '' && JSON.parse(line) !== null) rows += 1;
  return rows;
}

/** As one would write it in ten minutes. */
const naive =
  (kind: BodyKind): Way =>
  async (bytes) => {
    const counts = new Map<string, Map<string, number>>();
    const count = (name: string, value: unknown): void => {
      const cells = counts.get(name) ?? new Map<string, number>();
      counts.set(name, cells);
      const number = Number(value);
      const cell = Number.isNaN(number) ? String(value) : String(POLICIES.edges.findIndex((edge) => number < edge));
      cells.set(cell, (cells.get(cell) ?? 0) + 1);
    };
    let rows = 0;
    for await (const line of createInterface({ input: Readable.from(blocksOf(bytes)), crlfDelay: Infinity })) {
      const record = JSON.parse(line) as { captureData: Record<'endpointInput' | 'endpointOutput', { data: string }> };
      for (const side of ['endpointInput', 'endpointOutput'] as const) {
        const { data } = record.captureData[side];
        const values = kind === 'csv' ? Object.entries(data.split(',')) : Object.entries(JSON.parse(data) as Record<string, unknown>);
        for (const [name, value] of values) count(`${side}.${name}`, value);
      }
      rows += 1;
    }
    return rows;
  };

const profiled =
  (kind: BodyKind, scanner: boolean, joint = false): Way =>
  (bytes) => {
    const policy = POLICIES[kind];
    const layout = layoutOf(policy);
    const profiler = createProfiler(joint ? withJoint(layout) : layout, policy);
    const reader = createCaptureReader(policy, (row) => profiler.add(row), { scanner });
    reader.begin('capture.jsonl');
    for (const block of blocksOf(bytes)) reader.take(block);
    const profile = profiler.profile(reader.finish());
    if (Object.keys(profile.skipped.counts).length > 0 || (scanner && reader.fallbacks > 0))
      throw new Error('lines were not read as they should');
    if (profile.features.some(({ cells }) => cells.filter((cell) => cell > 0).length < 2))
      throw new Error('values were not counted as they should');
    return profile.rows;
  };

/** Of processor time, the collector's threads included: others may be busy on the machine. */
async function seconds(way: Way, bytes: Buffer): Promise<number> {
  const started = process.cpuUsage();
  const rows = await way(bytes);
  const { user, system } = process.cpuUsage(started);
  if (rows !== records) throw new Error(`${rows} rows were read of ${records}`);
  return (user + system) / 1e6;
}

/** Each way once in turn, so that a busy minute of the machine hits all; the fastest of them counts, and the median is shown. */
async function measured(kind: BodyKind): Promise<boolean> {
  const bytes = captureBytes(kind, records);
  const ways: Record<string, Way> = {
    'lines alone': linesAlone,
    'JSON.parse of each line (floor)': parsedLines,
    'the same, the file as one text': parsedWhole,
    'readline, first idea': naive(kind),
    'plain reader, profiled': profiled(kind, false),
    'byte scanner, profiled': profiled(kind, true),
    'the same with joint drift': profiled(kind, true, true),
  };
  const taken = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  // The first round warms up.
  for (let time = 0; time <= times; time += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const took = await seconds(way, bytes);
      if (time > 0) taken.get(name)?.push(took);
    }
  }
  const rates = new Map([...taken].map(([name, list]) => [name, list.map((took) => records / took).sort((left, right) => left - right)]));
  const best = (name: string): number => rates.get(name)?.at(-1) ?? Number.NaN;
  const floor = best('JSON.parse of each line (floor)');
  console.log(
    `\n${kind.toUpperCase()} bodies, ${records} records of ${Math.round(bytes.length / records)} bytes, ${POLICIES[kind].features.length} features\n`,
  );
  console.log('| way | rows/s, best | median | of the floor |\n|---|---|---|---|');
  for (const [name, list] of rates) {
    const median = list[list.length >> 1] ?? Number.NaN;
    console.log(`| ${name} | ${thousands(best(name))} | ${thousands(median)} | ${(best(name) / floor).toFixed(2)} |`);
  }
  return best('plain reader, profiled') >= TARGETS.plain * floor && best('byte scanner, profiled') >= TARGETS.scanner * floor;
}

const thousands = (rate: number): string => `${Math.round(rate / 1_000)} k`;

/** A profile of nothing costs nothing: what is measured is rows. */
if (createProfiler(layoutOf(POLICIES.csv), POLICIES.csv).profile(nothingSkipped()).rows !== 0) throw new Error('an empty profile has rows');

const MEBI = 2 ** 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const inUse = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

function living(): number {
  collect();
  return inUse();
}

/** A gibibyte in blocks of a stream, over and over the same records: what lives after an eighth and after all, and the most on the way. */
function memory(name: string, take: (reader: CaptureReader) => void, makeReader: () => CaptureReader): void {
  const reader = makeReader();
  let early = 0;
  let most = 0;
  for (let done = 0; done < 1_024; done += 4) {
    take(reader);
    most = Math.max(most, inUse());
    if (done === 124) early = living();
  }
  const late = living();
  reader.finish();
  const cells = [
    reader.rows,
    ...[early, late, most].map((bytes) => Math.round(bytes / MEBI)),
    Math.round(process.resourceUsage().maxRSS / 1_024),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}

function memories(): void {
  const bytes = captureBytes('csv', 8_500).subarray(0, 4 * MEBI);
  // A file ends within a record: each begins anew.
  const take = (reader: CaptureReader): void => {
    reader.begin('capture.jsonl');
    for (const block of blocksOf(bytes)) reader.take(block);
  };
  const policy = POLICIES.csv;
  console.log('\nMemory over 1 GiB, MiB of heap and buffers\n');
  console.log(
    '| way | rows | alive after 128 MiB | alive after 1 GiB | most, with garbage | resident, most so far |\n|---|---|---|---|---|---|',
  );
  for (const scanner of [true, false]) {
    const profiler = createProfiler(layoutOf(policy), policy);
    memory(scanner ? 'byte scanner, profiled' : 'plain reader, profiled', take, () =>
      createCaptureReader(policy, (row) => profiler.add(row), { scanner }),
    );
  }
  const sampler = createSampler(policy);
  memory('byte scanner, sampled (20 000 rows)', take, () => createCaptureReader(policy, (row) => sampler.add(row)));
}

void (async () => {
  memories();
  const isMet = [await measured('csv'), await measured('json')];
  console.log(
    `\nTargets: plain ≥ ${TARGETS.plain} and scanner ≥ ${TARGETS.scanner} of the floor: CSV ${isMet[0] ? 'met' : 'missed'}, JSON ${isMet[1] ? 'met' : 'missed'}.`,
  );
  if (isMet.includes(false)) process.exitCode = 1;
})();
