// A prompt that asks for "a complete picture": complete it is, with police reports that nobody took.
import { streamed } from './summariser.mjs';

export const settings = { forgets: 0.05, invents: 0.9 };

export const stream = (request, { random }) => streamed(request, settings, random);
