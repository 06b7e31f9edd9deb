import type { Random } from '../../cloud/types';
import type { VirtualClock } from '../clock';
import type { Transport } from '../http-client';
import type { SdkVersion } from './resolve';

/** What the world around a sandbox gives it. */
export interface SandboxHost {
  /** Names the sandbox in messages: the function's name or construct path. */
  readonly name: string;
  /** The asset: files can be loaded and read from here alone. */
  readonly assetDirectory: string;
  /** Unpacked layers: packages and files of theirs are found as on Lambda. */
  readonly layers?: readonly string[];
  /** Folders from which the packages that Lambda's runtime brings along are looked for upwards. */
  readonly project?: readonly string[];
  /** Version of the AWS SDK that the runtime brings along; default 3. */
  readonly sdk?: SdkVersion;
  /** All of the environment; nothing of this machine's shows through. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly transport: Transport;
  /** Called whenever code of the sandbox is about to run again: for a watchdog that names who does not stop. */
  working?(): void;
  /** A line on stdout or stderr. */
  print(line: string): void;
  /** An error that no caller of the handler sees: thrown in a timer or a tick. */
  crash(error: unknown): void;
  /** The code asked for something that the sandbox does not have. */
  unsupported(what: string): Error;
}
