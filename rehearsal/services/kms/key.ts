import type { PolicyDocument, Random } from '../../cloud/types';
import { privateKeyFrom } from './ecdsa';

/** As CloudFormation asks for a key. */
export interface KeySettings {
  policy: PolicyDocument | undefined;
  spec: string;
  usage: string;
  enabled: boolean;
  description: string;
}

export class KeyRecord {
  private secret: Buffer | undefined;

  constructor(
    readonly id: string,
    readonly arn: string,
    readonly createdAtMillis: number,
    public settings: KeySettings,
    private readonly random: Random,
  ) {}

  /** Made when it is first needed: most keys only encrypt, which is not played. */
  privateKey(): Buffer {
    this.secret ??= privateKeyFrom(this.random.bytes(32));
    return this.secret;
  }

  get signs(): boolean {
    return this.settings.usage === 'SIGN_VERIFY';
  }
}
