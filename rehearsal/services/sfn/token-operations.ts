import type { Members, Operation, Permission } from '../../cloud/types';
import type { TaskTokens } from './tokens';

/** How those who hold a task's token answer it. */
export function tokenOperations(tokens: TaskTokens): Record<string, Operation> {
  const operation = (action: string, run: (token: string, input: Members) => void): [string, Operation] => [
    action,
    {
      /** A token that is none is refused as such, not for want of a permission. */
      permissions: ({ taskToken }): Permission[] => {
        const resource = tokens.resourceOf(taskToken as string);
        return resource === undefined ? [] : [{ action: `states:${action}`, resource }];
      },
      run: (input) => {
        run(input.taskToken as string, input);
        return {};
      },
    },
  ];
  return Object.fromEntries([
    operation('SendTaskSuccess', (token, { output }) => tokens.succeed(token, output as string)),
    operation('SendTaskFailure', (token, { error, cause }) => tokens.fail(token, error as string | undefined, cause as string | undefined)),
    operation('SendTaskHeartbeat', (token) => tokens.heartbeat(token)),
  ]);
}
