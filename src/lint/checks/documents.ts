/** The documents as a whole: whether they can be read, their types, keys that stand twice. */
import { isScalar, visit } from 'yaml';
import type { Document, Scalar } from 'yaml';
import { ConfigurationError, decodeInjectionConfig, decodeValues } from '../../configuration/index.ts';
import { findFormError } from '../../configuration/check-form.ts';
import { valuesForm } from '../../configuration/values-types.ts';
import { TemplateError } from '../../gotemplate/index.ts';
import { isRecord, YamlError } from '../../yaml/index.ts';
import { finding, type Finding, type FindingPlace } from '../finding.ts';
import { recordOf, type Subject } from '../subject.ts';
import { spanOf, type LintText, type Path } from '../text.ts';

export function* checkDocuments(subject: Subject): Generator<Finding> {
  const { config, values, mesh } = subject;
  yield* configErrors(subject);
  yield* valuesErrors(values);
  for (const text of [config, values, ...mesh]) yield* duplicateKeys(text);
}

function* configErrors({ config, templates }: Subject): Generator<Finding> {
  const error = errorOf(() => decodeInjectionConfig(config.source));
  if (error === undefined) return;
  // Templates have checks of their own.
  if (error.cause instanceof TemplateError && templates.some(({ problems }) => problems.length > 0)) return;
  yield finding('config-unreadable', error.detail, placeOfError(config, error), remedyOf(error));
}

/** More than this many wrong types are of one mistake. */
const mostTypeErrors = 20;

function* valuesErrors(values: LintText): Generator<Finding> {
  const document = recordOf(values.text);
  let error = errorOf(() => decodeValues(values.source));
  if (error === undefined) return;
  if (document === undefined) {
    yield finding('values-unreadable', error.detail, placeOfError(values, error), remedyOf(error));
    return;
  }
  let rest: unknown = document;
  for (let count = 0; error !== undefined && count < mostTypeErrors; count++) {
    const wrong = findFormError(rest, valuesForm);
    if (wrong === undefined) break;
    const message = `${['Values', ...wrong.path].join('.')} has the wrong type: ${wrong.message}`;
    yield finding('values-unreadable', message, values.placeOfPath(wrong.path));
    if (wrong.path.length === 0) break;
    rest = withoutPath(rest, wrong.path);
    error = findFormError(rest, valuesForm) === undefined ? undefined : error;
  }
}

function withoutPath(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined) return null;
  if (Array.isArray(value))
    return value.map((item, index): unknown => (index === step ? withoutPath(item, rest) : item));
  if (!isRecord(value)) return null;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === step ? withoutPath(item, rest) : item]),
  );
}

/** Keys that stand twice; documents that cannot be read are not walked. */
function* duplicateKeys(text: LintText): Generator<Finding> {
  const found: Scalar[] = [];
  if (recordOf(text.text) === undefined) return;
  visit(text.contents as unknown as Document, {
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (seen.has(key.value)) found.push(key);
        seen.add(key.value);
      }
    },
  });
  for (const key of found) {
    yield finding('duplicate-key', `key "${String(key.value)}" stands twice in this map`, text.placeOf(spanOf(key)));
  }
}

function errorOf(read: () => unknown): ConfigurationError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

function placeOfError(text: LintText, { line, column }: Pick<ConfigurationError, 'line' | 'column'>): FindingPlace {
  return line === 0 ? text.whole : text.placeOfLine(line, column);
}

const remedyOf = ({ cause }: ConfigurationError): string | undefined =>
  cause instanceof YamlError ? cause.remedy : undefined;
