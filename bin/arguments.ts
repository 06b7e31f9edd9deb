import { parseArgs } from 'node:util';
import { didYouMean } from '../core/charter/suggest';
import { BadInputError } from '../core/errors';

export interface OptionSpec {
  type: 'string' | 'boolean';
  /** How its value is written in the help, e.g. `NAME`. */
  value?: string;
  help: string;
  /** May be given several times: its values are in `lists`. */
  repeatable?: boolean;
}

export interface CommandSpec {
  /** As typed after `sluice`, e.g. `kpi put`. */
  name: string;
  summary: string;
  /** Names of positional arguments; the ones in brackets may be left out, e.g. `[dir]`. */
  positionals: string[];
  /** The last positional may be given several times. */
  morePositionals?: boolean;
  options: Record<string, OptionSpec>;
  /** Further lines of help. */
  notes?: string[];
}

export interface ParsedArguments {
  /** The help was asked for; nothing else is filled in. */
  help: boolean;
  positionals: string[];
  texts: Record<string, string | undefined>;
  flags: Record<string, boolean | undefined>;
  /** Of repeatable options, in order; missing where none was given. */
  lists?: Record<string, string[] | undefined>;
}

/** Reads a command's arguments; what does not fit is a BadInputError that says what does. */
export function parseArguments(args: string[], spec: CommandSpec): ParsedArguments {
  const options = Object.fromEntries(Object.entries(spec.options).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({
    args,
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const parsed: ParsedArguments = { help: false, positionals: [], texts: {}, flags: {} };
  for (const token of tokens) {
    if (token.kind === 'positional') parsed.positionals.push(token.value);
    if (token.kind === 'option') takeOption(token, spec, parsed);
  }
  if (!parsed.help) checkPositionals(parsed.positionals, spec);
  return parsed;
}

function takeOption(
  token: { name: string; rawName: string; value?: string | undefined },
  spec: CommandSpec,
  parsed: ParsedArguments,
): void {
  if (token.name === 'help') {
    parsed.help = true;
    return;
  }
  const option = Object.hasOwn(spec.options, token.name) ? spec.options[token.name] : undefined;
  if (option === undefined) {
    const known = Object.keys(spec.options).map((name) => `--${name}`);
    const hint = didYouMean(token.rawName, known);
    throw new BadInputError(
      [
        `sluice ${spec.name}: unknown option ${token.rawName}`,
        `  allowed: ${[...known, '--help'].join(', ')}`,
        ...(hint === undefined ? [] : [`  ${hint}`]),
      ].join('\n'),
    );
  }
  if (option.type === 'boolean') {
    if (token.value !== undefined) throw new BadInputError(`sluice ${spec.name}: --${token.name} takes no value; given: ${token.value}`);
    parsed.flags[token.name] = true;
    return;
  }
  if (token.value === undefined || token.value === '') {
    throw new BadInputError(`sluice ${spec.name}: --${token.name} needs a value: --${token.name} ${option.value ?? 'VALUE'}`);
  }
  if (option.repeatable === true) {
    parsed.lists = { ...parsed.lists, [token.name]: [...(parsed.lists?.[token.name] ?? []), token.value] };
    return;
  }
  const earlier = parsed.texts[token.name];
  if (earlier !== undefined) {
    throw new BadInputError(
      `sluice ${spec.name}: --${token.name} is given twice\n  given:   ${earlier}, ${token.value}\n  allowed: once; run the command again for another ${option.value ?? 'value'}`,
    );
  }
  parsed.texts[token.name] = token.value;
}

function checkPositionals(given: string[], spec: CommandSpec): void {
  const required = spec.positionals.filter((name) => !name.startsWith('['));
  const missing = required[given.length];
  if (missing !== undefined) throw new BadInputError(`sluice ${spec.name}: ${missing} is missing\n  ${usage(spec)}`);
  const extra = spec.morePositionals === true ? undefined : given[spec.positionals.length];
  if (extra !== undefined) throw new BadInputError(`sluice ${spec.name}: unexpected argument ${JSON.stringify(extra)}\n  ${usage(spec)}`);
}

const usage = (spec: CommandSpec): string =>
  ['usage: sluice', spec.name, ...spec.positionals, ...(spec.morePositionals === true ? ['…'] : []), '[options]'].join(' ');

export function helpText(spec: CommandSpec): string {
  const rows = Object.entries(spec.options).map(([name, option]) => [
    `--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`,
    option.help,
  ]);
  rows.push(['--help', 'shows this']);
  const width = Math.max(...rows.map(([left]) => left!.length));
  const lines = [usage(spec), '', spec.summary, '', 'options:', ...rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`)];
  return [...lines, ...(spec.notes === undefined ? [] : ['', ...spec.notes])].join('\n');
}

/** The option's text, or an error that says how to give it. */
export function requiredText(parsed: ParsedArguments, spec: CommandSpec, name: string): string {
  const text = parsed.texts[name];
  if (text === undefined) {
    const option = spec.options[name];
    throw new BadInputError(`sluice ${spec.name}: --${name} ${option?.value ?? 'VALUE'} is missing: ${option?.help ?? ''}`);
  }
  return text;
}

/** A number above 0, or an error. */
export function positiveNumberOf(parsed: ParsedArguments, spec: CommandSpec, name: string): number | undefined {
  const text = parsed.texts[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw new BadInputError(`sluice ${spec.name}: --${name} is a number above 0; given: ${text}`);
  return value;
}
