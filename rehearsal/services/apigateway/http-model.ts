import type { Members } from '../../cloud/types';
import { matchPath, partsOf } from './rest-model';

export interface HttpRoute {
  readonly id: string;
  properties: Members;
}

export interface HttpStage {
  readonly name: string;
  properties: Members;
}

/** An HTTP API with what belongs to it, by id. */
export class HttpApi {
  readonly routes = new Map<string, HttpRoute>();
  readonly integrations = new Map<string, Members>();
  readonly authorizers = new Map<string, Members>();
  readonly stages = new Map<string, HttpStage>();

  constructor(
    readonly id: string,
    public properties: Members,
  ) {}
}

export interface HttpMatch {
  route: HttpRoute;
  /** `GET /items/{id}`, or `$default`. */
  routeKey: string;
  /** `/items/{id}`, or `$default`. */
  pattern: string;
  pathParameters: Record<string, string>;
}

/** The most exact route: by path, then by method; `$default` takes what is left. */
export function matchHttp(routes: Iterable<HttpRoute>, method: string, path: string): HttpMatch | undefined {
  const all = [...routes].map((route) => ({ route, routeKey: String(route.properties['RouteKey']) }));
  const parts = partsOf(path);
  const matching = all.flatMap(({ route, routeKey }) => {
    const [verb = '', pattern = ''] = routeKey.split(' ');
    if (verb !== method && verb !== 'ANY') return [];
    const match = matchPath(partsOf(pattern), parts);
    if (match === undefined) return [];
    return [{ route, routeKey, pattern, pathParameters: match.parameters, rank: `${match.rank}${verb === 'ANY' ? '~' : ''}` }];
  });
  const best = matching.sort((one, other) => (one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : 0))[0];
  if (best !== undefined) return best;
  const fallback = all.find(({ routeKey }) => routeKey === '$default');
  return fallback === undefined ? undefined : { ...fallback, pattern: '$default', pathParameters: {} };
}
