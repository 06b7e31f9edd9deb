import { createHash } from 'node:crypto';
import { AwsError } from '../cloud/types';
import type { Caller } from '../cloud/types';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Gives each caller an access key of its own, by which its requests are recognised. */
export class CredentialStore {
  private readonly callers = new Map<string, { caller: Caller; secretAccessKey: string }>();

  /** `session`: keys of its own, for a caller that is told apart from others of the same role. */
  issue(caller: Caller, session = ''): Credentials {
    const identity = caller.kind === 'role' ? caller.roleArn : caller.kind === 'world' ? caller.principalArn : caller.principal;
    const digest = createHash('sha256').update(`${caller.kind} ${identity}${session}`).digest();
    const accessKeyId = `ASIA${[...digest.subarray(0, 16)].map((byte) => alphabet[byte % 32]).join('')}`;
    const secretAccessKey = digest.toString('base64').slice(0, 40);
    this.callers.set(accessKeyId, { caller, secretAccessKey });
    return { accessKeyId, secretAccessKey, sessionToken: digest.toString('hex') };
  }

  byAccessKey(accessKeyId: string): { caller: Caller; secretAccessKey: string } | undefined {
    return this.callers.get(accessKeyId);
  }

  /** The caller by the `Authorization` header; undefined for a request that is not signed. */
  callerOf(authorization: string | undefined): Caller | undefined {
    if (!authorization?.startsWith('AWS4-HMAC-SHA256')) return undefined;
    const accessKeyId = /Credential=([A-Z0-9]+)\//.exec(authorization)?.[1];
    const caller = accessKeyId === undefined ? undefined : this.callers.get(accessKeyId)?.caller;
    if (caller === undefined) {
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
    }
    return caller;
  }
}
