import type { ConditionContext } from './conditions';

type Keys = Record<string, string | string[]>;

/** What is the same for every request of the account and region. */
export interface Surroundings {
  accountId: string;
  region: string;
  nowMillis: () => number;
  /** Tags of resources by ARN, keys in lower case. */
  resourceTags: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Names of a key, e.g. `alias/orders`. */
  aliasesOf?: (keyArn: string) => string[];
}

const resourceTag = 'aws:resourcetag/';

/** The condition keys of one request: its own, those of its caller, and those that hold for all. */
export class RequestContext implements ConditionContext {
  private readonly own: Map<string, string | string[]>;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly resource: string,
    ...keys: (Keys | undefined)[]
  ) {
    this.own = new Map(keys.flatMap((some) => Object.entries(some ?? {}).map(([key, value]) => [key.toLowerCase(), value] as const)));
  }

  get(key: string): string | string[] | undefined {
    return this.own.get(key) ?? this.common(key);
  }

  private common(key: string): string | string[] | undefined {
    const { accountId, region, nowMillis, resourceTags, aliasesOf } = this.surroundings;
    if (key.startsWith(resourceTag)) return resourceTags.get(this.resource)?.[key.slice(resourceTag.length)];
    switch (key) {
      case 'aws:securetransport':
        return 'true';
      case 's3:tlsversion':
        return '1.3';
      case 'kms:resourcealiases':
        return aliasesOf?.(this.resource);
      case 'aws:requestedregion':
        return region;
      case 'aws:resourceaccount':
      case 's3:resourceaccount':
        return accountId;
      case 'aws:viaawsservice':
      case 'aws:principalisawsservice':
        return 'false';
      case 'aws:currenttime':
        return new Date(nowMillis()).toISOString();
      case 'aws:epochtime':
        return String(Math.floor(nowMillis() / 1000));
      default:
        return undefined;
    }
  }
}

export function roleKeys(roleArn: string, accountId: string, tags: Readonly<Record<string, string>>): Keys {
  return {
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalType': 'AssumedRole',
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}

export function serviceKeys(principal: string, sourceArn: string, accountId: string): Keys {
  return {
    'aws:SourceArn': sourceArn,
    'aws:SourceAccount': accountId,
    'aws:SourceOwner': accountId,
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': principal,
  };
}
