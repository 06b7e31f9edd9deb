// The stand-in of claims-summary, which answers as a whole here.
import { settings } from '../../models/stable.mjs';
import { summarise } from '../../models/summariser.mjs';

export function predict(request, { random }) {
  return { choices: [{ message: { content: summarise(request.messages.at(-1).content, settings, random) } }] };
}
