import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import * as library from '../../lib';

const ROOT = path.resolve(__dirname, '..', '..');
const { types } = JSON.parse(readFileSync(path.join(ROOT, '.jsii'), 'utf8')) as {
  types: Record<string, { name: string; docs?: { example?: string } }>;
};
const examples = Object.values(types).flatMap(({ name, docs }) => (docs?.example === undefined ? [] : [{ name, example: docs.example }]));
const classes = Object.entries(library).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));

/** An example as users write it: within the constructor of a stack. Declarations stand before it, since they cannot stand inside. */
function program(example: string): string {
  const declarations = example.split('\n').filter((line) => line.startsWith('declare '));
  const body = example.split('\n').filter((line) => !line.startsWith('declare '));
  return `
import { Duration, Stack, aws_iam, aws_secretsmanager, aws_sns, aws_stepfunctions } from 'aws-cdk-lib';
import { ${Object.values(types)
    .map(({ name }) => name)
    .join(', ')} } from '../../lib';
${declarations.join('\n')}
export class Example extends Stack {
  build() {
    ${body.join('\n    ')}
  }
}
`;
}

test('every class has an example', () => {
  const named = examples.map(({ name }) => name);
  expect(classes.length).toBeGreaterThan(10);
  for (const name of classes) expect(named).toContain(name);
});

test('every example compiles', () => {
  const files = new Map(examples.map(({ name, example }) => [path.join(ROOT, 'test', 'lib', `example-${name}.ts`), program(example)]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Node20,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, version) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, version);
  };
  const problems = ts
    .getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host))
    .filter(({ file }) => file !== undefined && files.has(file.fileName))
    .map(({ file, messageText }) => `${path.basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  expect(problems).toEqual([]);
}, 120_000);
