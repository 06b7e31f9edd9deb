import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { ApplicationResult } from '../../rehearsal/application/result';
import { brokenOf, linesOf, rehearse, resultOf, scenariosOf, synthesize, type Played } from './play';

interface Rehearsed {
  /** The cloud assembly, once the tests run. */
  assembly(): string;
  /** A broken copy of it fails in this scenario, in these words. */
  failsWith(broken: string, name: string, words: RegExp): Promise<void>;
}

/** Declares the tests that every application here has: each of its scenarios goes as expected, and the same byte for byte again. */
export function rehearsed(title: string, name: string, build: (app: App) => void): Rehearsed {
  const folder = path.join(__dirname, name);
  const scenario = (one: string): string => path.join(folder, 'scenarios', `${one}.yaml`);
  const names = scenariosOf(folder);
  let assembly = '';

  beforeAll(() => {
    assembly = synthesize(build);
  });

  describe(title, () => {
    let first: Played;
    let second: Played;

    beforeAll(async () => {
      first = await rehearse(assembly, ...names.map(scenario));
      second = await rehearse(assembly, ...names.map(scenario).reverse());
    });

    it.each(names)('%s: all is as expected', (one) => {
      const result = JSON.parse(linesOf(first).get(one) ?? '') as ApplicationResult;
      expect(brokenOf(result)).toBe('');
      expect(result.expectations.length).toBeGreaterThan(0);
      expect(result.stillUnderWay).toEqual([]);
    });

    it('the command says that all went well', () => expect([first.status, second.status]).toEqual([0, 0]));

    it.each(names)('%s: the same byte for byte when it runs again, after others', (one) => {
      expect(linesOf(second).get(one)).toBe(linesOf(first).get(one));
    });
  });

  return {
    assembly: () => assembly,
    async failsWith(broken, one, words) {
      const played = await rehearse(broken, scenario(one));
      expect(played.status).toBe(1);
      expect(brokenOf(resultOf(played))).toMatch(words);
    },
  };
}
