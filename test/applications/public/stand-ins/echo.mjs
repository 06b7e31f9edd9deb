/** In the place of a function in Python: answers what it was told. */
export const handler = (event) => ({ statusCode: 200, body: event });
