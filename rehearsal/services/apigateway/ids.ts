import type { ResourceContext } from '../../cloud/types';

const signs = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An id as API Gateway gives one: its own for each resource of a stack, and for what takes its place. */
export function newId({ cloud, physicalName }: ResourceContext, length = 10, purpose = ''): string {
  const random = cloud.random.fork(`apigateway id ${physicalName()} ${purpose}`);
  return Array.from({ length }, () => signs[random.integer(signs.length)]!).join('');
}
