/** Texts, and what Python and others write for numbers that are none. */
const TEXT_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** As JSON.parse, but bare NaN and Infinity become texts, so that only the event which holds them is bad. Undefined: no JSON. */
export function readJson(text: string): unknown {
  return parsed(text) ?? parsed(text.replace(TEXT_OR_NO_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
