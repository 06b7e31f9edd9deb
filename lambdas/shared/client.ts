/** What every SDK client of the handlers is made with: no middleware is added later, so the stack is put together once per command. */
export const CLIENT = { cacheMiddleware: true } as const;
