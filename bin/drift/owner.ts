import { durationMinutes } from '../../core/charter/fields';
import type { DriftLook, DriftMute } from '../../core/contracts';
import { windowText, STATE_WORDS } from '../../core/drift/report';
import { BadInputError } from '../../core/errors';
import { helpText, parseArguments, requiredText, type CommandSpec, type ParsedArguments } from '../arguments';
import { askAsOwner, readAsOwner, reportAnswer } from '../commands/owner-request';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import type { Transport } from '../signed-request';
import { ACKNOWLEDGE, SNOOZE, STATUS, UNMUTE } from './options';
import { EXIT_OF } from './run';

const DEFAULT_ACKNOWLEDGED = '7d';
const MOST_DAYS = 90;
const DAY_MILLIS = 86_400_000;

export type OwnerDeed = 'snooze' | 'acknowledge' | 'unmute';
const SPECS: Record<OwnerDeed, CommandSpec> = { snooze: SNOOZE, acknowledge: ACKNOWLEDGE, unmute: UNMUTE };

/** `sluice drift snooze|acknowledge|unmute`: signed, to the use case's DriftUrl. */
export async function tellMute(deed: OwnerDeed, args: string[], io: Io, transport: () => Transport): Promise<number> {
  const spec = SPECS[deed];
  const parsed = parseArguments(args, spec);
  if (parsed.help) {
    print(io, helpText(spec));
    return EXIT.ok;
  }
  const feature = parsed.positionals[0] ?? '*';
  const made = transport();
  const body =
    deed === 'unmute'
      ? { do: deed, feature }
      : { do: deed, feature, until: endOf(parsed, spec, deed, made.now()), reason: requiredText(parsed, spec, 'reason') };
  return reportAnswer(`drift ${deed}`, await askAsOwner(parsed, { output: 'DriftUrl', path: '', body }, made), io);
}

function endOf(parsed: ParsedArguments, spec: CommandSpec, deed: OwnerDeed, now: Date): string {
  const { until } = parsed.texts;
  const latest = now.getTime() + MOST_DAYS * DAY_MILLIS;
  if (until !== undefined) {
    const end = Date.parse(until);
    if (end > now.getTime() && end <= latest && parsed.texts['for'] === undefined) return new Date(end).toISOString();
    throw new BadInputError(
      `sluice ${spec.name}: --until ${until}\n  allowed: a time after now, within ${MOST_DAYS} days, such as 2026-03-09T12:00Z; or --for instead`,
    );
  }
  const text = deed === 'acknowledge' ? (parsed.texts['for'] ?? DEFAULT_ACKNOWLEDGED) : requiredText(parsed, spec, 'for');
  const minutes = durationMinutes.safeParse(text);
  if (minutes.success && minutes.data <= MOST_DAYS * 1440) return new Date(now.getTime() + minutes.data * 60_000).toISOString();
  throw new BadInputError(`sluice ${spec.name}: --for ${text}\n  allowed: a duration such as 12h or 3d, at most ${MOST_DAYS}d`);
}

/** `sluice drift status`. */
export async function showStatus(args: string[], io: Io, transport: () => Transport): Promise<number> {
  const parsed = parseArguments(args, STATUS);
  if (parsed.help) {
    print(io, helpText(STATUS));
    return EXIT.ok;
  }
  const answer = await readAsOwner(parsed, 'DriftUrl', transport());
  const told = answer.status === 200 ? answerIn(answer.body) : undefined;
  if (told === undefined) return reportAnswer('drift status', { ...answer, status: answer.status === 200 ? 502 : answer.status }, io);
  print(io, parsed.flags['json'] === true ? JSON.stringify(told) : statusText(told));
  return told.look === undefined ? EXIT_OF['no-data'] : EXIT_OF[told.look.state];
}

interface Told {
  look?: DriftLook;
  mutes: DriftMute[];
}

function answerIn(body: string): Told | undefined {
  try {
    const { look, mutes = [] } = JSON.parse(body) as Partial<Told>;
    return { ...(look === undefined ? {} : { look }), mutes };
  } catch {
    return undefined;
  }
}

function statusText({ look, mutes }: Told): string {
  const muted = mutes.map(({ feature, kind, until: end, by, reason }) => {
    const how = kind === 'snooze' ? 'snoozed' : 'acknowledged';
    return `muted    ${feature === '*' ? 'everything' : feature}: ${how} until ${end} by ${by}: ${reason}`;
  });
  if (look === undefined)
    return ['no data: nobody has looked yet; the first look comes within the hour after the deployment', ...muted].join('\n');
  return [
    `${STATE_WORDS[look.state]}: ${look.reason}`,
    `as of    ${look.at}${look.releaseId === undefined ? '' : `, release ${look.releaseId}`}`,
    ...look.windows.flatMap(({ hours, state, rows, broken, findings }) => [
      `${windowText(hours).padEnd(12)} ${STATE_WORDS[state]}, ${rows} rows${broken === 0 ? '' : `, ${broken} unreadable`}`,
      ...findings.map(({ words }) => `             ! ${words}`),
    ]),
    ...look.quality.map(({ measure, value, limit, labels, passed }) => {
      const bound = limit === undefined ? '' : `, limit ${limit}: ${passed ? 'held' : 'missed'}`;
      return `quality  ${measure} ${value} of ${labels} labelled answers${bound}`;
    }),
    ...(look.reportUri === undefined ? [] : [`report   ${look.reportUri}`]),
    ...muted,
  ].join('\n');
}
