import type { Logger } from '@smithy/types';

const nothing = (): void => undefined;

/** Without `info`: for a logger that has it the SDK copies inputs and outputs of every call, even when nobody keeps them. */
const logger = { trace: nothing, debug: nothing, warn: nothing, error: nothing } as Partial<Logger> as Logger;

/** What every SDK client of the handlers is made with: no middleware is added later, so the stack is put together once per command. */
export const CLIENT = { cacheMiddleware: true, logger };
