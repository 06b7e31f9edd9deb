import { FIT_RULE, modelsThatFit } from '../../core/instances';
import type { PriceBook } from '../../core/prices';
import type { SizedCandidate, Sizing, SizingRequest } from '../../core/sizing';
import { HOURS_PER_MONTH } from '../../core/sizing';

const UNKNOWN = 'unknown';

/** A sizing for the terminal. */
export function sizingText(useCase: string, request: SizingRequest, sizing: Sizing, book: PriceBook): string {
  const { candidates, ruledOut } = sizing;
  return [
    `${useCase} in ${request.region}: ${loadText(request)}`,
    '',
    ...(candidates.length === 0
      ? ['no instance type is known that fits: name one with --candidate TYPE']
      : table(candidates, request, book)),
    ...section(
      'ruled out',
      ruledOut.map(({ instanceType, why }) => `${instanceType}: ${why}`),
    ),
    ...section('assumptions', assumptions(request, candidates, book)),
    ...section('to find out', toFindOut(candidates)),
  ].join('\n');
}

const loadText = ({ requestsPerSecond, latencyP95Millis }: SizingRequest): string =>
  `${figure(requestsPerSecond)} requests/s, ${latencyP95Millis === undefined ? 'no latency target' : `95 of 100 answers within ${latencyP95Millis} ms`}`;

function table(candidates: SizedCandidate[], request: SizingRequest, book: PriceBook): string[] {
  const currency = book.currency;
  const header = [
    'instance',
    'accelerators',
    '16-bit model up to',
    'one answers',
    'instances',
    `${currency}/h`,
    `${currency}/month`,
    `${currency}/1 000 answers`,
  ];
  return columns([header, ...candidates.map((candidate) => row(candidate, request))]);
}

function row({ instanceType, facts, throughput, price, instances, cost }: SizedCandidate, { spare }: SizingRequest): string[] {
  const accelerators =
    facts === undefined
      ? UNKNOWN
      : facts.accelerators === 0
        ? 'none'
        : `${facts.accelerators} x ${facts.acceleratorName} ${facts.acceleratorMemoryGib} GiB`;
  return [
    instanceType,
    accelerators,
    facts === undefined ? UNKNOWN : `${modelsThatFit(facts).parametersBillion16Bit} billion`,
    throughput.known ? `${figure(throughput.requestsPerSecond)}/s` : UNKNOWN,
    instances === undefined ? UNKNOWN : `${instances}${spare ? ' (N+1)' : ''}`,
    cost === undefined ? (price.known ? `${figure(price.perHour)} each` : UNKNOWN) : figure(cost.perHour),
    cost === undefined ? UNKNOWN : figure(cost.perMonth),
    cost === undefined ? UNKNOWN : figure(cost.perThousandAnswers),
  ];
}

function assumptions(request: SizingRequest, candidates: SizedCandidate[], book: PriceBook): string[] {
  const sources = new Set(candidates.flatMap(({ price }) => (price.known ? [`${price.source}, ${price.asOf}`] : [])));
  const measured = new Set(candidates.flatMap(({ throughput }) => (throughput.known ? [throughput.how] : [])));
  const { headroom, spare, model } = request;
  return [
    `headroom of ${figure(headroom * 100)} % on the load; ${spare ? 'one instance more than needed' : 'no spare instance (--spare adds one)'}`,
    `all instances run all the time: ${HOURS_PER_MONTH} hours a month, no scaling, no schedule`,
    'load is spread evenly, and twice the instances answer twice the requests',
    ...[...measured].map((how) => `throughput: ${how}; the highest rate that was tried within the latency target, nothing in between`),
    ...[...sources].map((source) => `prices: ${source}, on demand, ${book.currency}, without taxes, storage, data and discounts`),
    ...(model === undefined ? [] : [`memory: ${FIT_RULE}`]),
    ...(candidates.some(({ facts }) => facts?.accelerator === 'inferentia' || facts?.accelerator === 'trainium')
      ? ['Inferentia and Trainium run models that were compiled for them']
      : []),
  ];
}

function toFindOut(candidates: SizedCandidate[]): string[] {
  const unmeasured = candidates.flatMap(({ instanceType, throughput }) =>
    throughput.known ? [] : [`${instanceType} (${throughput.why})`],
  );
  const unpriced = candidates.flatMap(({ price }) => (price.known ? [] : [price.why]));
  if (unmeasured.length === 0) return unpriced;
  return [
    `throughput of ${unmeasured.join(', ')}`,
    "  a load gate in the charter measures the candidate's own instances before each release (constructs-docs/gates.md)",
    '  --recommender FILE writes a load test for Inference Recommender; give its output back with --measured',
    ...unpriced,
  ];
}

const section = (title: string, lines: string[]): string[] => (lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]);

/** Three digits that count, and all before the point. */
const figure = (value: number): string => (value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3))));

function columns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
