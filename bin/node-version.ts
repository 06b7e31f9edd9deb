const OLDEST_MAJOR = 22;

/** What is wrong with this Node, if anything: older ones lack what the command is built on. */
export function nodeProblem(version: string): string | undefined {
  if (Number(version.split('.')[0]) >= OLDEST_MAJOR) return undefined;
  return `sluice needs Node ${OLDEST_MAJOR} or newer; this is Node ${version}. Install a newer one from https://nodejs.org.`;
}
