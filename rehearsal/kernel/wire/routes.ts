import { AwsError } from '../../cloud/types';
import type { ServiceModel } from '../service-registry';
import type { WireRequest } from './message';

interface Route {
  operation: string;
  method: string;
  pattern: RegExp;
  labels: string[];
  /** Query parameters that are part of the URI; a null value: only its presence counts. */
  query: [string, string | null][];
}

export interface RouteMatch {
  operation: string;
  labels: Record<string, string>;
}

const routesOfServices = new Map<string, Route[]>();

/** Finds the operation of a REST request by method, path and the URI's own query parameters. */
export function matchRoute(model: ServiceModel, request: WireRequest): RouteMatch {
  for (const route of routesOf(model)) {
    if (route.method !== request.method || !route.query.every(([key, value]) => matchesQuery(request.query, key, value))) continue;
    const match = route.pattern.exec(request.path);
    if (match === null) continue;
    return {
      operation: route.operation,
      labels: Object.fromEntries(route.labels.map((label, index) => [label, decode(match[index + 1]!)])),
    };
  }
  throw new AwsError('UnknownOperationException', `${model.service} has no operation ${request.method} ${request.path}.`, 404);
}

function matchesQuery(query: URLSearchParams, key: string, value: string | null): boolean {
  return value === null ? query.has(key) : query.get(key) === value;
}

function routesOf(model: ServiceModel): Route[] {
  const known = routesOfServices.get(model.service);
  if (known !== undefined) return known;
  const routes = [...model.operations.values()]
    .filter((operation) => operation.http !== undefined)
    .map((operation) => readRoute(operation.name, operation.http!));
  // The most specific route first: more own parameters, fewer labels, longer pattern.
  routes.sort(
    (one, other) =>
      other.query.length - one.query.length ||
      one.labels.length - other.labels.length ||
      other.pattern.source.length - one.pattern.source.length,
  );
  routesOfServices.set(model.service, routes);
  return routes;
}

function readRoute(operation: string, http: { method: string; uri: string }): Route {
  const [path = '/', search] = http.uri.split('?');
  const labels: string[] = [];
  const source = path.replace(/\{([^{}+]+)(\+)?\}|[.*^$()[\]\\|?+]/g, (sign, label: string | undefined, greedy: string | undefined) => {
    if (label === undefined) return `\\${sign}`;
    labels.push(label);
    return greedy === undefined ? '([^/]+)' : '(.+)';
  });
  const query = (search ?? '')
    .split('&')
    .filter((part) => part !== '')
    .map((part): [string, string | null] => {
      const [key = '', value] = part.split('=');
      return [key, value ?? null];
    });
  return { operation, method: http.method, pattern: new RegExp(`^${source.replace(/\/$/, '')}/?$`), labels, query };
}

function decode(text: string): string {
  return decodeURIComponent(text);
}
