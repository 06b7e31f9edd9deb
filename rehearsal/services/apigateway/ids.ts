import type { ResourceContext } from '../../cloud/types';

const signs = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An id as API Gateway gives one, its own for each resource of a stack. */
export function newId({ cloud, stackName, logicalId }: ResourceContext, length = 10): string {
  const random = cloud.random.fork(`apigateway id ${stackName} ${logicalId}`);
  return Array.from({ length }, () => signs[random.integer(signs.length)]!).join('');
}
