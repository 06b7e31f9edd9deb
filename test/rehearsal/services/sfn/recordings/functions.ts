import { AwsError, type Cloud, type Members, type ServiceDouble } from '../../../../../rehearsal/cloud/types';
import type { Recording } from './recording';

const GREETING = 'HelloWorld';
const OVER_THE_LIMIT_BYTES = 257 * 1024;

function answered(payload: Uint8Array | string): Members {
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: Buffer.from(payload) };
}

/** How Python writes a list of texts. */
function inPython(value: unknown): string {
  return Array.isArray(value) ? `[${value.map((item) => `'${String(item)}'`).join(', ')}]` : String(value);
}

/** What the handler files do, told from their names and from the histories. */
const HANDLERS: Record<string, (payload: Uint8Array, cloud: Cloud) => Members | Promise<Members>> = {
  'id_function.py': (payload) => answered(payload ?? '{}'),
  'echo_function.py': () => answered(JSON.stringify({ Return: GREETING })),
  'return_bytes_str.py': () => answered(JSON.stringify(`${GREETING}!`)),
  'return_decorated_input.py': (payload) => {
    const event = JSON.parse(Buffer.from(payload).toString()) as unknown;
    return answered(JSON.stringify(`input-event-${inPython(event)}`));
  },
  'large_output_string.py': () => answered(JSON.stringify('a'.repeat(OVER_THE_LIMIT_BYTES))),
  'raise_exception.py': () => {
    const message = 'Some exception was raised.';
    const stackTrace = [`  File "/var/task/handler.py", line 2, in handler\n    raise Exception("${message}")\n`];
    const report = { errorMessage: message, errorType: 'Exception', requestId: 'request', stackTrace };
    return { ...answered(JSON.stringify(report)), FunctionError: 'Unhandled' };
  },
  'wait_60_seconds.py': async (_payload, cloud) => {
    await cloud.clock.sleep(60_000);
    return answered('null');
  },
};

async function invoke({ FunctionName, Payload }: Members, lambdas: Recording['lambdas'], cloud: Cloud): Promise<Members> {
  const name = String(FunctionName).replace(/^.*:function:/, '');
  const file = lambdas[name];
  if (file === undefined) {
    const arn = `${cloud.arn('lambda', `function:${name}`)}:$LATEST`;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  }
  const run = HANDLERS[file];
  if (run === undefined) throw new Error(`There is no stand-in for the handler file ${file}: add it to the handlers of the recordings.`);
  return run(Payload as Uint8Array, cloud);
}

/** AWS Lambda, with the functions of one recording. */
export function lambdaOf(recording: Recording, cloud: Cloud): ServiceDouble {
  return {
    service: 'lambda',
    operations: { Invoke: { permissions: () => [], run: (input) => invoke(input, recording.lambdas, cloud) } },
  };
}
