import type { Members, Operation } from '../../cloud/types';
import { listPages } from './lists';
import type { Packages } from './packages';
import { toCreate, toUse } from './permissions';
import type { PackageGroup, Store } from './store';

const described = ({ name, arn, createdAtMillis, definition }: PackageGroup): Members => ({
  ModelPackageGroupName: name,
  ModelPackageGroupArn: arn,
  ...(definition.ModelPackageGroupDescription === undefined
    ? {}
    : { ModelPackageGroupDescription: definition.ModelPackageGroupDescription }),
  CreationTime: new Date(createdAtMillis),
  ModelPackageGroupStatus: 'Completed',
});

/** By name or by ARN. */
const nameOf = (input: Members): string => String(input.ModelPackageGroupName).split('/').at(-1)!;

export const packageGroupOperations = (store: Store, packages: Packages): Record<string, Operation> => {
  const use = (action: string, input: Members) => [toUse(store, action, store.packageGroups.arn(nameOf(input)))];
  return {
    CreateModelPackageGroup: {
      permissions: (input, cloud) =>
        toCreate('CreateModelPackageGroup', 'model-package-group', String(input.ModelPackageGroupName), input, cloud),
      run: (input) => ({ ModelPackageGroupArn: packages.createGroup(input).arn }),
    },
    DescribeModelPackageGroup: {
      permissions: (input) => use('DescribeModelPackageGroup', input),
      run: (input) => ({
        ...described(store.packageGroups.get(nameOf(input))),
        CreatedBy: {},
      }),
    },
    DeleteModelPackageGroup: {
      permissions: (input) => use('DeleteModelPackageGroup', input),
      run: (input) => {
        packages.removeGroup(nameOf(input));
        return {};
      },
    },
    ListModelPackageGroups: listPages('ListModelPackageGroups', 'ModelPackageGroupSummaryList', () => store.packageGroups.all(), described),
  };
};
