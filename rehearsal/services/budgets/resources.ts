import { isDeepStrictEqual } from 'node:util';
import { UnsupportedError, type CreatedResource, type Members, type ResourceContext, type ResourceType } from '../../cloud/types';
import type { Budgets } from './budgets';
import { readBudget } from './limits';

const KNOWN = ['Budget', 'NotificationsWithSubscribers', 'ResourceTags'];

const budgetsOf = ({ cloud }: ResourceContext): Budgets => cloud.double<Budgets>('budgets');

const nameIn = (properties: Members): string | undefined => (properties.Budget as Members | undefined)?.BudgetName as string | undefined;

function read(properties: Members, name: string, { constructPath }: ResourceContext): ReturnType<typeof readBudget> {
  for (const property of Object.keys(properties))
    if (!KNOWN.includes(property))
      throw new UnsupportedError(
        `${constructPath}: property ${property} of AWS::Budgets::Budget is not supported by the laptop cloud. Use ${KNOWN.join(', ')}.`,
      );
  return readBudget(properties, name);
}

const budget: ResourceType = {
  type: 'AWS::Budgets::Budget',
  create(properties, context): CreatedResource {
    const { name } = budgetsOf(context).put(read(properties, nameIn(properties) ?? context.physicalName(100), context), true);
    return { ref: name, attributes: {} };
  },
  // A new budget with the old one's name is refused: CloudFormation makes it before it deletes.
  replacedOnChange: (properties, previous) =>
    nameIn(properties) !== nameIn(previous) ||
    !isDeepStrictEqual(properties.NotificationsWithSubscribers, previous.NotificationsWithSubscribers),
  update(properties, _previous, created, context): CreatedResource {
    budgetsOf(context).put(read(properties, created.ref, context), false);
    return created;
  },
  remove: (created, _properties, context) => budgetsOf(context).remove(created.ref),
};

export const budgetsResources: ResourceType[] = [budget];
