import type { Definition, Flow, State } from './definition';
import { invalid } from './definition-errors';

const LANGUAGES = ['JSONata', 'JSONPath'];

/** Writes its query language into every state, and the older names of a Map's fields as the newer ones. */
export function resolveLanguages(definition: Definition): void {
  const machine = definition.QueryLanguage ?? 'JSONPath';
  checkKnown('the definition', machine);
  resolveFlow('', definition, machine, machine);
}

function resolveFlow(at: string, flow: Flow, inherited: string, machine: string): void {
  const language = flow.QueryLanguage ?? inherited;
  checkKnown(at === '' ? 'the definition' : at, language);
  if (typeof flow.States !== 'object' || flow.States === null) return;
  for (const [name, state] of Object.entries(flow.States)) {
    if (typeof state !== 'object' || state === null) throw invalid(`a state is a JSON object, at ${at}/States/${name}`);
    resolveState(`${at}/States/${name}`, state, language, machine);
  }
}

function resolveState(at: string, state: State, inherited: string, machine: string): void {
  const language = state.QueryLanguage ?? inherited;
  checkKnown(at, language);
  if (language === 'JSONPath' && machine === 'JSONata')
    throw invalid(`'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at ${at}/QueryLanguage`);
  state.QueryLanguage = language as 'JSONata' | 'JSONPath';
  if (state.Type === 'Map') modernise(at, state);
  // What stands inside a state has the machine's language again, as AWS has it.
  if (Array.isArray(state.Branches))
    state.Branches.forEach((branch, index) => resolveFlow(`${at}/Branches[${index}]`, branch, inherited, machine));
  if (state.ItemProcessor !== undefined) resolveFlow(`${at}/ItemProcessor`, state.ItemProcessor, inherited, machine);
}

function checkKnown(at: string, language: string): void {
  if (!LANGUAGES.includes(language)) throw invalid(`QueryLanguage must be JSONata or JSONPath, got ${language} at ${at}`);
}

function modernise(at: string, state: State): void {
  if (state.Iterator !== undefined) {
    if (state.ItemProcessor !== undefined) throw invalid(`Iterator and ItemProcessor exclude each other at ${at}`);
    state.ItemProcessor = state.Iterator;
    delete state.Iterator;
  }
  if (state.Parameters !== undefined && state.QueryLanguage === 'JSONPath') {
    if (state.ItemSelector !== undefined) throw invalid(`Parameters and ItemSelector exclude each other at ${at}`);
    state.ItemSelector = state.Parameters;
    delete state.Parameters;
  }
}
