import { EndpointMode } from '../../../lib';
import type { Members } from '../../../rehearsal/cloud/types';
import { ACCEPTED } from '../../support/endpoints/accepted';
import { appOf, stackName } from '../../support/endpoints/synthesize';
import { EndpointLaptop, stacksOf } from './laptop';

const first = stacksOf(appOf(ACCEPTED, 'one').synth());
const second = stacksOf(appOf(ACCEPTED, 'two').synth());

const variantsOf = ({ ProductionVariants }: Members): Members[] => ProductionVariants as Members[];

/** What scaling or people would change: one instance more, another weight; of components one copy more. */
async function scale(laptop: EndpointLaptop): Promise<void> {
  const names = Object.keys(await laptop.copies());
  for (const name of names) await laptop.changeCopies(name, 2);
  if (names.length > 0) return;
  const wanted = variantsOf(await laptop.describe())
    .filter(({ CurrentInstanceCount }) => CurrentInstanceCount !== undefined)
    .map(({ VariantName, CurrentInstanceCount }, index) => ({
      VariantName: String(VariantName),
      DesiredInstanceCount: Number(CurrentInstanceCount) + 1,
      DesiredWeight: index + 0.5,
    }));
  if (wanted.length > 0) await laptop.change(wanted);
}

test.each(ACCEPTED.map(({ name }, index) => ({ name, index })))('$name', async ({ index }) => {
  const stack = stackName(index);
  const laptop = new EndpointLaptop(stack);
  await laptop.run(async () => {
    await laptop.deploy(first.get(stack)!);
    const { EndpointConfigName } = await laptop.describe();
    await scale(laptop);
    const before = await laptop.standing();
    await laptop.deploy(second.get(stack)!);
    const after = await laptop.describe();
    expect(after['EndpointStatus']).toBe('InService');
    expect(await laptop.standing()).toEqual(before);
    expect(after['EndpointConfigName'] === EndpointConfigName).toBe(isUnchanged(stack));
    await laptop.destroy();
    const left = await Promise.all(['ListEndpoints', 'ListEndpointConfigs', 'ListModels'].map((list) => laptop.call(list, {})));
    expect(left.map((answer) => (Object.values(answer).find(Array.isArray) as unknown[] | undefined)?.length)).toEqual([0, 0, 0]);
  });
});

const configOf = (stacks: typeof first, stack: string): string =>
  JSON.stringify(Object.values(stacks.get(stack)!.template.Resources).filter(({ Type }) => /Model$|EndpointConfig/.test(Type)));

/** Of inference components the config has no model: a new image touches the component alone. */
const isUnchanged = (stack: string): boolean =>
  configOf(first, stack) === configOf(second, stack) || configOf(first, stack).includes('ManagedInstanceScaling');

test('the table knows every mode', () => {
  const modes = new Set(ACCEPTED.map(({ name }) => /^(asynchronous|serverless|components)/.exec(name)?.[0] ?? 'real-time'));
  expect(modes.size).toBe(Object.keys(EndpointMode).length);
});
