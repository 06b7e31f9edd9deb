import { datasetOf, type Dataset } from './dataset';
import type { Json } from './definition';
import { typeName } from './jsonata';
import type { Visit } from './visit';

/** How much of a Map may fail; absent: not given. */
export interface Tolerance {
  toleratedFailureCount: number | undefined;
  toleratedFailurePercentage: number | undefined;
}

/** What a distributed Map may do at a time, and how much of it may fail. */
export interface MapLimits extends Tolerance {
  concurrency: number;
}

/** Of an inline Map: the items in the state's own input, or where Items or ItemsPath finds them. */
export async function itemsOf(visit: Visit): Promise<Json[]> {
  const items = await visit.language.items(visit, ['array']);
  if (Array.isArray(items)) return items;
  throw visit.failure(visit.language.notItems(visit.state, 'an array', items), typeName(items));
}

/** Of a distributed Map, which goes over objects as well where the query language does. */
export async function givenDataset(visit: Visit): Promise<Dataset> {
  const { mapsObjects, notItems } = visit.language;
  const value = await visit.language.items(visit, ['array', 'object']);
  const dataset = datasetOf(value, mapsObjects);
  if (dataset !== undefined) return dataset;
  throw visit.failure(notItems(visit.state, mapsObjects ? 'an array or an object' : 'an array', value), typeName(value));
}

/** `most`: what runs at a time where the state sets no limit, and at most. */
export async function concurrencyOf(visit: Visit, most: number): Promise<number> {
  const limit = (await visit.language.number(visit, { owner: visit.state, field: 'MaxConcurrency' })) ?? 0;
  if (!Number.isInteger(limit) || limit < 0) throw visit.failure(visit.language.wrongMaxConcurrency(limit), 'MaxConcurrency');
  return limit === 0 ? most : Math.min(limit, most);
}

export async function toleranceOf(visit: Visit): Promise<Tolerance> {
  return { toleratedFailureCount: await toleratedCountOf(visit), toleratedFailurePercentage: await toleratedPercentageOf(visit) };
}

async function toleratedCountOf(visit: Visit): Promise<number | undefined> {
  const count = await visit.language.number(visit, { owner: visit.state, field: 'ToleratedFailureCount' });
  if (count !== undefined && (!Number.isInteger(count) || count < 0))
    throw visit.failure(visit.language.wrongToleratedCount(count), 'ToleratedFailureCount');
  return count;
}

async function toleratedPercentageOf(visit: Visit): Promise<number | undefined> {
  const percentage = await visit.language.number(visit, { owner: visit.state, field: 'ToleratedFailurePercentage', float: true });
  if (percentage !== undefined && (percentage < 0 || percentage > 100))
    throw visit.failure('ToleratedFailurePercentage must be between 0 and 100.', 'ToleratedFailurePercentage');
  return percentage;
}
