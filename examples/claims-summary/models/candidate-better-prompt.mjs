// The same weights under a prompt that names what a handler needs: date, cause, amount, people hurt.
import { streamed } from './summariser.mjs';

export const settings = { forgets: 0.008 };

export const stream = (request, { random }) => streamed(request, settings, random);
