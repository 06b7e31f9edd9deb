import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { handlerCode } from '../../../lib/shared/handler-code';
import { checkUseCaseName, resourcePrefixOf } from '../../../lib/shared/names';
import { placeholderBundles } from '../../support/stacks';

describe('handlerCode', () => {
  test('finds a bundle', () => {
    placeholderBundles();
    expect(handlerCode('gateway')).toMatch(/gateway$/);
  });

  test('says what to run where a bundle is missing', () => {
    process.env['SLUICE_TEST_HANDLER_BUNDLES'] = mkdtempSync(path.join(tmpdir(), 'sluice-none-'));
    expect(() => handlerCode('no-such-handler')).toThrow(/bundle of the handler 'no-such-handler' is missing.*npm run build/);
  });
});

describe('names', () => {
  test.each(['ab', 'Support', '1abc', 'with_underscore', 'a'.repeat(33), ''])('refuses the use-case name %j', (name) => {
    expect(() => checkUseCaseName(name)).toThrow(`useCaseName is '${name}'`);
  });

  test('give every stack a prefix of its own, the same at every synth, and short enough for SageMaker', () => {
    const prefixIn = (stackName: string): string => resourcePrefixOf(new Stack(new App(), stackName), 'a'.repeat(32));
    expect(prefixIn('one')).toBe(prefixIn('one'));
    expect(prefixIn('one')).not.toBe(prefixIn('two'));
    expect(`${prefixIn('one')}-r99999-3f2a9c1b-dark`.length).toBeLessThanOrEqual(63);
  });
});
