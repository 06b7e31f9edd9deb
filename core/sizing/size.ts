import type { InstanceFacts, ModelSize } from '../instances';
import { fits, instanceFacts, memoryNeededGib, modelMemoryGib } from '../instances';
import type { InstancePrice, PriceBook } from '../prices/price-book';
import { instancePrice, offeredIn } from '../prices/price-book';
import { sensibleTypes } from './candidates';
import type { Measurement, Throughput } from './measurements';
import { throughputOf } from './measurements';

/** As cloud bills count them. */
export const HOURS_PER_MONTH = 730;

export interface SizingRequest {
  region: string;
  requestsPerSecond: number;
  latencyP95Millis?: number;
  /** On top of the expected load, as a share of it. */
  headroom: number;
  /** One instance more than needed, so that one may fail. */
  spare: boolean;
  model?: ModelSize;
  /** Named by the charter or by hand; never left out. */
  asked: string[];
  measurements: Measurement[];
}

export interface SizedCandidate {
  instanceType: string;
  facts?: InstanceFacts;
  offered?: boolean;
  throughput: Throughput;
  price: InstancePrice;
  /** Missing where the throughput is unknown. */
  instances?: number;
  /** Of all instances; missing where count or price is unknown. */
  cost?: { perHour: number; perMonth: number; perThousandAnswers: number };
}

export interface RuledOut {
  instanceType: string;
  why: string;
}

export interface Sizing {
  /** What costs least first, then those of which something is unknown by the price of one instance. */
  candidates: SizedCandidate[];
  ruledOut: RuledOut[];
}

export function sizingOf(request: SizingRequest, book: PriceBook): Sizing {
  const measured = request.measurements.map(({ instanceType }) => instanceType);
  const named = [...new Set([...request.asked, ...measured])];
  const types = [...new Set([...named, ...sensibleTypes(request, book)])];
  const ruledOut = types.flatMap((type) => ruling(type, request, book));
  const out = new Set(ruledOut.map(({ instanceType }) => instanceType));
  const candidates = types.filter((type) => !out.has(type)).map((type) => sized(type, request, book));
  return { candidates: candidates.sort(cheapestFirst), ruledOut };
}

function ruling(instanceType: string, { region, model }: SizingRequest, book: PriceBook): RuledOut[] {
  if (offeredIn(book, region, instanceType) === false) return [{ instanceType, why: `SageMaker does not host it in ${region}` }];
  const facts = instanceFacts(instanceType);
  if (model === undefined || facts === undefined || fits(model, facts)) return [];
  const [needed, has] = [memoryNeededGib(model), modelMemoryGib(facts)].map((gib) => Math.round(gib * 10) / 10);
  return [
    {
      instanceType,
      why: `the model needs about ${needed} GiB, the ${facts.accelerators > 0 ? 'accelerators have' : 'instance has'} ${has} GiB`,
    },
  ];
}

function sized(instanceType: string, request: SizingRequest, book: PriceBook): SizedCandidate {
  const facts = instanceFacts(instanceType);
  const offered = offeredIn(book, request.region, instanceType);
  const throughput = throughputOf(request.measurements, instanceType, request.latencyP95Millis);
  const price = instancePrice(book, request.region, instanceType);
  const candidate: SizedCandidate = { instanceType, throughput, price };
  if (facts !== undefined) candidate.facts = facts;
  if (offered !== undefined) candidate.offered = offered;
  if (!throughput.known) return candidate;
  const instances = instancesNeeded(request, throughput.requestsPerSecond);
  if (!price.known) return { ...candidate, instances };
  const perHour = instances * price.perHour;
  const perThousandAnswers = (perHour / (request.requestsPerSecond * 3600)) * 1000;
  return { ...candidate, instances, cost: { perHour, perMonth: perHour * HOURS_PER_MONTH, perThousandAnswers } };
}

/** The last digits of a product are not to cost an instance. */
const ROUNDING = 1e-9;

export function instancesNeeded({ requestsPerSecond, headroom, spare }: SizingRequest, answersPerSecond: number): number {
  const needed = Math.ceil((requestsPerSecond * (1 + headroom)) / answersPerSecond - ROUNDING);
  return Math.max(1, needed) + (spare ? 1 : 0);
}

function cheapestFirst(one: SizedCandidate, other: SizedCandidate): number {
  const cost = ({ cost: known }: SizedCandidate): number => known?.perHour ?? Infinity;
  const ofOne = ({ price }: SizedCandidate): number => (price.known ? price.perHour : Infinity);
  const byCost = compare(cost(one), cost(other));
  return byCost !== 0 ? byCost : compare(ofOne(one), ofOne(other));
}

const compare = (one: number, other: number): number => (one === other ? 0 : one < other ? -1 : 1);
