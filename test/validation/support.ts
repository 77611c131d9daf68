/** Shorthands for tests of validators: resources in, texts out. */
import { readMessage } from '../../src/protobuf/index.ts';
import type { MessageTypes } from '../../src/protobuf/index.ts';
import { FieldPath, Result, validate } from '../../src/validation/index.ts';
import type { Verdict } from '../../src/validation/index.ts';

/** An object of the kind in namespace `ns`, called `test`. */
export function resource(kind: string, spec: unknown, metadata: object = {}, group = 'networking.istio.io'): object {
  return { apiVersion: `${group}/v1`, kind, metadata: { name: 'test', namespace: 'ns', ...metadata }, spec };
}

/** The verdict on creating the object. */
export function judge(object: unknown): Verdict {
  return validate({ operation: 'CREATE', object });
}

/** The errors of a resource, one text each; empty when it is allowed. */
export function errorsOf(kind: string, spec: unknown, metadata?: object): string[] {
  return splitErrors(judge(resource(kind, spec, metadata)).message ?? '');
}

/** The warnings of a resource; empty also when it is denied. */
export function warningsOf(kind: string, spec: unknown, metadata?: object): readonly string[] {
  return judge(resource(kind, spec, metadata)).warnings ?? [];
}

/** The errors as `field: text`. */
export function fieldsOf(kind: string, spec: unknown, metadata?: object): string[] {
  const causes = judge(resource(kind, spec, metadata)).status?.details.causes ?? [];
  return causes.map(({ field }) => field);
}

function splitErrors(message: string): string[] {
  if (message === '') return [];
  const text = message.replace(/^configuration is invalid: /, '');
  const list = /^\d+ errors? occurred:\n\t\* ([^]*)\n\n$/.exec(text);
  return list === null ? [text] : (list[1] ?? '').split('\n\t* ');
}

/** What a check that writes into a result finds: errors first, then warnings behind `W `. */
export function collect(check: (result: Result, path: FieldPath) => void): string[] {
  const result = new Result();
  check(result, FieldPath.root('x'));
  const warnings = result.warnings.map(({ message }) => `W ${message}`);
  return [...result.errors.map(({ message }) => message), ...warnings];
}

/** A message from its JSON. */
export function message<Name extends keyof MessageTypes>(name: Name, json: unknown): MessageTypes[Name] {
  return readMessage(name, json);
}
