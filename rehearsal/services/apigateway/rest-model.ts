import type { Members } from '../../cloud/types';

/** A method of a REST API as the template describes it. */
export interface RestMethod {
  readonly httpMethod: string;
  readonly resource: RestResource;
  readonly properties: Members;
}

export interface RestResource {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly pathPart: string;
}

/** What a stage serves: methods as they were when the deployment was made. */
export interface RestDeployment {
  readonly id: string;
  readonly routes: readonly RestRoute[];
}

export interface RestRoute {
  readonly method: RestMethod;
  /** e.g. `/items/{id}`. */
  readonly path: string;
}

export interface RestStage {
  readonly name: string;
  deploymentId: string;
  variables: Readonly<Record<string, string>>;
}

/** A REST API with what belongs to it, by id. */
export class RestApi {
  readonly resources = new Map<string, RestResource>();
  readonly methods = new Map<string, RestMethod>();
  readonly deployments = new Map<string, RestDeployment>();
  readonly stages = new Map<string, RestStage>();
  readonly authorizers = new Map<string, Members>();
  readonly models = new Map<string, unknown>();
  readonly validators = new Map<string, Members>();
  /** By response type. */
  readonly gatewayResponses = new Map<string, Members>();

  constructor(
    readonly id: string,
    readonly rootId: string,
    public properties: Members,
  ) {
    this.resources.set(rootId, { id: rootId, parentId: undefined, pathPart: '' });
  }

  get name(): string {
    return (this.properties['Name'] ?? this.id) as string;
  }

  pathOf(resource: RestResource): string {
    if (resource.parentId === undefined) return '/';
    const parent = this.resources.get(resource.parentId);
    const above = parent === undefined ? '/' : this.pathOf(parent);
    return `${above === '/' ? '' : above}/${resource.pathPart}`;
  }

  /** The API as it is now. */
  snapshot(id: string): RestDeployment {
    const routes = [...this.methods.values()].map((method) => ({ method, path: this.pathOf(method.resource) }));
    return { id, routes };
  }
}

export interface RestMatch {
  route: RestRoute;
  pathParameters: Record<string, string>;
}

/** The route of a request. At each part of the path a fixed name goes before a parameter, and that before a greedy one. */
export function matchRest(routes: readonly RestRoute[], httpMethod: string, path: string): RestMatch | undefined {
  const parts = partsOf(path);
  const matching = routes
    .map((route) => ({ route, match: matchPath(partsOf(route.path), parts) }))
    .filter((candidate) => candidate.match !== undefined);
  const best = matching.map(({ match }) => match!.rank).sort()[0];
  // The resource is found first; whether it has the method is asked then.
  const resource = matching.filter(({ match }) => match!.rank === best);
  const found =
    resource.find(({ route }) => route.method.httpMethod === httpMethod) ?? resource.find(({ route }) => route.method.httpMethod === 'ANY');
  return found === undefined ? undefined : { route: found.route, pathParameters: found.match!.parameters };
}

export const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

/** Rank: one sign per part, in order of precedence. */
export function matchPath(pattern: string[], parts: string[]): { rank: string; parameters: Record<string, string> } | undefined {
  const parameters: Record<string, string> = {};
  let rank = '';
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    const name = /^\{(.+?)(\+)?\}$/.exec(expected);
    if (name === null) {
      if (expected !== part) return undefined;
      rank += 'a';
    } else if (name[2] === '+') {
      parameters[name[1]!] = parts.slice(index).join('/');
      return { rank: `${rank}c`, parameters };
    } else {
      parameters[name[1]!] = part;
      rank += 'b';
    }
  }
  return pattern.length === parts.length ? { rank, parameters } : undefined;
}
