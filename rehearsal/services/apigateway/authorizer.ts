import type { Members, PolicyDocument } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { evaluate } from '../../kernel/iam/policy';
import { RequestContext } from '../../kernel/iam/request-context';
import { functionOfUri, invokeFunction } from './invoke';

/** What a Lambda authorizer said of a caller. */
export type Verdict =
  | { kind: 'allowed'; context: Members; usageKey: string | undefined }
  | { kind: 'unauthorized' }
  | { kind: 'denied'; explicitly: boolean }
  | { kind: 'failed'; reason: string };

export interface Asked {
  uri: string;
  credentials: string | undefined;
  event: Members;
  /** `arn:…:execute-api:…:<api>/authorizers/<id>`. */
  sourceArn: string;
  /** The method's ARN, which the policy must allow. */
  methodArn: string;
  /** The answer says `isAuthorized` instead of a policy. */
  isSimple: boolean;
  /** Callers with the same identity get the same answer for so long; undefined: each is asked for. */
  cached: { key: string; seconds: number } | undefined;
}

interface Kept {
  answer: Members | 'unauthorized';
  untilMillis: number;
}

const timeoutMillis = 30_000;
const decoder = new TextDecoder();

/** Asks Lambda authorizers, and remembers their answers as long as they may be. */
export class Authorizers {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly cloud: LaptopCloud) {}

  async ask(asked: Asked): Promise<Verdict> {
    const kept = asked.cached === undefined ? undefined : this.kept.get(asked.cached.key);
    if (kept !== undefined && kept.untilMillis > this.cloud.clock.now()) return this.judge(kept.answer, asked);
    const answer = await this.invoke(asked);
    if ('failed' in answer) return { kind: 'failed', reason: String(answer['failed']) };
    const read = answer['unauthorized'] === true ? 'unauthorized' : (answer['answer'] as Members);
    const verdict = this.judge(read, asked);
    if (asked.cached !== undefined && asked.cached.seconds > 0 && verdict.kind !== 'failed' && read !== 'unauthorized') {
      this.kept.set(asked.cached.key, { answer: read, untilMillis: this.cloud.clock.now() + asked.cached.seconds * 1000 });
    }
    return verdict;
  }

  private async invoke({ uri, credentials, event, sourceArn }: Asked): Promise<Members> {
    const functionArn = functionOfUri(uri) ?? uri;
    const invoked = await invokeFunction(this.cloud, { functionArn, credentials, timeoutMillis }, event, sourceArn);
    if (invoked.kind === 'timed-out') return { failed: 'the authorizer did not answer in time' };
    if (invoked.kind === 'rejected') return { failed: `the authorizer could not be invoked: ${invoked.reason}` };
    const answer: unknown = JSON.parse(decoder.decode(invoked.payload));
    if (invoked.isError) {
      const message = (answer as Members)['errorMessage'] as unknown;
      return message === 'Unauthorized' ? { unauthorized: true } : { failed: `the authorizer failed: ${String(message)}` };
    }
    if (typeof answer !== 'object' || answer === null) return { failed: 'the authorizer returned no object' };
    return { answer };
  }

  private judge(answer: Members | 'unauthorized', { methodArn, isSimple }: Asked): Verdict {
    if (answer === 'unauthorized') return { kind: 'unauthorized' };
    const context = (answer['context'] ?? {}) as Members;
    const usageKey = answer['usageIdentifierKey'] as string | undefined;
    if (isSimple) {
      if (typeof answer['isAuthorized'] !== 'boolean') return { kind: 'failed', reason: 'isAuthorized is no boolean' };
      return answer['isAuthorized'] ? { kind: 'allowed', context, usageKey } : { kind: 'denied', explicitly: false };
    }
    const document = answer['policyDocument'] as PolicyDocument | undefined;
    if (document?.Statement === undefined) return { kind: 'failed', reason: 'the authorizer returned no policyDocument' };
    if (Object.values(context).some((value) => typeof value === 'object' && value !== null))
      return { kind: 'failed', reason: 'the context holds a list or an object' };
    const decision = evaluate(document, { action: 'execute-api:Invoke', resource: methodArn, context: this.conditions(methodArn) });
    if (decision !== 'allow') return { kind: 'denied', explicitly: decision === 'deny' };
    return { kind: 'allowed', context: { principalId: answer['principalId'] as unknown, ...context }, usageKey };
  }

  private conditions(resource: string): RequestContext {
    const { accountId, region, clock } = this.cloud;
    return new RequestContext({ accountId, region, nowMillis: () => clock.now(), resourceTags: new Map() }, resource);
  }
}
