/** In the place of a function in Python that only writes a line to its log. */
export const handler = () => null;
