import { EndpointInstance } from '../../../lib';
import type { Accepted } from './accepted';
import { realTime } from './parts';

const named = Object.entries(EndpointInstance).filter((entry): entry is [string, EndpointInstance] => entry[1] instanceof EndpointInstance);

const REGION = 'us-east-1';

/** Of a type that the price list does not have in the region, somebody says that it is there. */
const there = (instance: EndpointInstance): EndpointInstance =>
  instance.isOfferedIn(REGION) === false ? EndpointInstance.of(instance.typeName, { regions: [REGION] }) : instance;

/** Every instance type that has a name, and types of one's own. */
export const instances: Accepted[] = [
  ...named.map(([name, instance]) => ({
    name: `instance ${name}`,
    props: (_stack: unknown, tag: string) => realTime(tag, { instance: there(instance) }),
  })),
  {
    name: 'instance of a type that nobody knows yet',
    props: (_stack, tag) => realTime(tag, { instance: EndpointInstance.of('ml.g99.xlarge') }),
  },
  {
    name: 'instance with facts of its own, in a region that has it',
    props: (_stack, tag) =>
      realTime(tag, { instance: EndpointInstance.of('ml.g99.xlarge', { hasLocalDisk: false, regions: ['us-east-1'] }), volumeGib: 100 }),
  },
];
