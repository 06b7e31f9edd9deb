import { datasetOf, type Dataset } from './dataset';
import type { Json } from './definition';
import { typeName } from './jsonata';
import type { Visit } from './visit';

/** What a Map may do at a time, and how much of it may fail. */
export interface MapLimits {
  concurrency: number;
  /** Absent: not given. */
  toleratedFailureCount: number | undefined;
  toleratedFailurePercentage: number | undefined;
}

/** Of an inline Map: the items in the state's own input, or what Items evaluates to. */
export async function itemsOf(visit: Visit): Promise<Json[]> {
  const { Items: items } = visit.state;
  if (items !== undefined) return (await visit.evaluateAs('array', items, 'Items')) as Json[];
  if (Array.isArray(visit.input)) return visit.input;
  throw visit.queryFailure(`Map state input must be an array but was: ${JSON.stringify(visit.input)}`, typeName(visit.input));
}

/** Of a distributed Map, which goes over objects as well. */
export async function givenDataset(visit: Visit): Promise<Dataset> {
  const { Items: items } = visit.state;
  const value = items === undefined ? visit.input : await visit.evaluateAs(['array', 'object'], items, 'Items');
  const dataset = datasetOf(value);
  if (dataset !== undefined) return dataset;
  throw visit.queryFailure(`Map state input must be an array or an object but was: ${JSON.stringify(value)}`, typeName(value));
}

/** `most`: what runs at a time where the state sets no limit, and at most. */
export async function limitsOf(visit: Visit, most: number): Promise<MapLimits> {
  return {
    concurrency: await concurrencyOf(visit, most),
    toleratedFailureCount: await toleratedCountOf(visit),
    toleratedFailurePercentage: await toleratedPercentageOf(visit),
  };
}

async function concurrencyOf(visit: Visit, most: number): Promise<number> {
  const { MaxConcurrency: template } = visit.state;
  if (template === undefined) return most;
  const limit = (await visit.evaluateAs('number', template, 'MaxConcurrency')) as number;
  if (!Number.isInteger(limit) || limit < 0)
    throw visit.queryFailure(`The MaxConcurrency field must be a non-negative integer but was: ${limit}`, 'MaxConcurrency');
  return limit === 0 ? most : Math.min(limit, most);
}

async function toleratedCountOf(visit: Visit): Promise<number | undefined> {
  const { ToleratedFailureCount: template } = visit.state;
  if (template === undefined) return undefined;
  const count = (await visit.evaluateAs('number', template, 'ToleratedFailureCount')) as number;
  if (!Number.isInteger(count) || count < 0)
    throw visit.queryFailure(`The ToleratedFailureCount field must be a non-negative integer but was: ${count}`, 'ToleratedFailureCount');
  return count;
}

async function toleratedPercentageOf(visit: Visit): Promise<number | undefined> {
  const { ToleratedFailurePercentage: template } = visit.state;
  if (template === undefined) return undefined;
  const percentage = (await visit.evaluateAs('number', template, 'ToleratedFailurePercentage')) as number;
  if (percentage < 0 || percentage > 100)
    throw visit.queryFailure('ToleratedFailurePercentage must be between 0 and 100.', 'ToleratedFailurePercentage');
  return percentage;
}
