// The promoted release: "Summarise this claim." It leaves out one fact in ten.
import { streamed } from './summariser.mjs';

export const settings = { forgets: 0.1 };

export const stream = (request, { random }) => streamed(request, settings, random);
