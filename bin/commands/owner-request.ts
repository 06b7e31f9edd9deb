import type { OptionSpec, ParsedArguments } from '../arguments';
import type { Io } from '../io';
import { complain, EXIT, print } from '../io';
import type { SignedAnswer, Transport } from '../signed-request';
import { getSigned, postSigned } from '../signed-request';
import { stackOutput } from '../stack-outputs';

/** Where a command of an owner finds the function URL. */
export const PLACE: Record<string, OptionSpec> = {
  url: { type: 'string', value: 'URL', help: "the function URL; default: the stack's output" },
  outputs: { type: 'string', value: 'FILE', help: 'what cdk deploy --outputs-file wrote; default cdk-outputs.json' },
  stack: { type: 'string', value: 'NAME', help: 'which stack in that file' },
  region: { type: 'string', value: 'REGION', help: "the function URL's region; default: as its host says" },
};

export const OWNER_EXIT_CODES = 'exit codes: 0 done, 1 refused or not reachable, 2 bad input';

/** Posts a signed body to `/<path>` of the URL that the stack gives out as `output`. */
export async function askAsOwner(
  parsed: ParsedArguments,
  request: { output: string; path: string; body: Record<string, unknown> },
  transport: Transport,
): Promise<SignedAnswer> {
  const base = parsed.texts['url'] ?? outputUrl(request.output, parsed);
  const region = parsed.texts['region'];
  const url = `${base.replace(/\/+$/, '')}/${request.path}`;
  return postSigned(url, request.body, region === undefined ? {} : { region }, transport);
}

/** GETs the URL itself, signed. */
export async function readAsOwner(parsed: ParsedArguments, output: string, transport: Transport): Promise<SignedAnswer> {
  const region = parsed.texts['region'];
  const base = parsed.texts['url'] ?? outputUrl(output, parsed);
  return getSigned(`${base.replace(/\/+$/, '')}/`, region === undefined ? {} : { region }, transport);
}

function outputUrl(output: string, parsed: ParsedArguments): string {
  const { outputs, stack } = parsed.texts;
  return stackOutput(output, {
    instead: '--url',
    ...(outputs === undefined ? {} : { file: outputs }),
    ...(stack === undefined ? {} : { stack }),
  });
}

/** Prints the answer, or why it was refused; gives the exit code. */
export function reportAnswer(name: string, answer: SignedAnswer, io: Io): number {
  const text = answer.body.trim() === '' ? `status ${answer.status}` : answer.body.trim();
  if (answer.status >= 200 && answer.status < 300) {
    print(io, `${name}: ${text}`);
    return EXIT.ok;
  }
  complain(io, `${name}: refused with status ${answer.status}: ${refusalOf(text)}`);
  if (answer.status === 403)
    complain(
      io,
      '  your AWS identity must be a principal of an owner in the charter, with lambda:InvokeFunctionUrl and lambda:InvokeFunction',
    );
  return EXIT.failed;
}

/** As the handlers refuse: what was wrong, what is allowed, what to do next. Anything else is shown as it is. */
function refusalOf(text: string): string {
  try {
    const { error, allowed, next } = JSON.parse(text) as Record<string, unknown>;
    if (typeof error !== 'string') return text;
    return [
      error,
      ...(typeof allowed === 'string' ? [`  allowed: ${allowed}`] : []),
      ...(typeof next === 'string' ? [`  next:    ${next}`] : []),
    ].join('\n');
  } catch {
    return text;
  }
}
