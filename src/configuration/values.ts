/** The `values` document: the Helm values that templates and the injector's own code read. */
import { sprint1 } from '../gotemplate/format/print.ts';
import type { GoValue } from '../gotemplate/values.ts';
import { decodeYaml, isRecord, valueAt, YamlError, type JsonRecord } from '../yaml/index.ts';
import { findFormError } from './check-form.ts';
import { ConfigurationError, placeOf, type Path, type SourceText } from './source.ts';
import { valuesForm } from './values-types.ts';

/** The values, and those of them that the injector's own code reads. Absent text is `''`. */
export interface InjectionValues {
  /** `.Values` of the templates; deeply frozen. */
  readonly document: JsonRecord;
  readonly hub: string;
  /** As Go prints the value: a number has lost its trailing zeros, null is `<nil>`. */
  readonly tag: string;
  readonly variant: string;
  readonly proxyImage: string;
  readonly clusterName: string;
  readonly network: string;
  readonly rewriteProbes: boolean;
  readonly holdApplication: boolean;
}

/** Decodes and checks the document. Throws a {@link ConfigurationError}. An empty one is `{}`. */
export function decodeValues({ file, text }: SourceText): InjectionValues {
  const document = decodeDocument(file, text);
  const error = findFormError(document, valuesForm);
  if (error !== undefined) {
    const key = error.path.length === 0 ? '' : ` (${error.path.join('.')})`;
    throw new ConfigurationError(file, `${prefix}${error.message}${key}`, placeOf(text, error.path));
  }
  if (!isRecord(document)) throw new Error('unreachable: the form is a map');
  const word = (...path: Path): string => (valueAt(document, path) as string | null | undefined) ?? '';
  const flag = (...path: Path): boolean => valueAt(document, path) === true;
  const tag = valueAt(document, ['global', 'tag']);
  return {
    document: deepFreeze(document),
    hub: word('global', 'hub'),
    tag: tag === undefined ? '' : sprint1(tag as GoValue),
    variant: word('global', 'variant'),
    proxyImage: word('global', 'proxy', 'image'),
    clusterName: word('global', 'multiCluster', 'clusterName'),
    network: word('global', 'network'),
    rewriteProbes: flag('sidecarInjectorWebhook', 'rewriteAppHTTPProbe'),
    holdApplication: flag('global', 'proxy', 'holdApplicationUntilProxyStarts'),
  };
}

const prefix = 'could not parse configuration values: ';

function decodeDocument(file: string, text: string): unknown {
  try {
    return decodeYaml(text) ?? {};
  } catch (error) {
    if (error instanceof YamlError) throw new ConfigurationError(file, prefix + error.message, error, error);
    throw error;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
