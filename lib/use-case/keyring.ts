/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it: what is there keeps its path */
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge';

/** The keys of decision ids. */
export function createKeyring(scope: Construct, encryptionKey: kms.IKey | undefined): secretsmanager.Secret {
  const keyring = new secretsmanager.Secret(scope, 'Keyring', {
    description: 'Keys of decision ids',
    encryptionKey,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ current: 'k1' }),
      generateStringKey: 'k1',
      passwordLength: 64,
      excludePunctuation: true,
    },
  });
  acknowledge(
    keyring,
    'A key is added, never replaced: old keys must stay until outcomes of their decisions can no longer arrive, which a blind rotation would break.',
    'AwsSolutions-SMG4',
  );
  return keyring;
}
