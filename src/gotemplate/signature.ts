/** Reads Go function types: `func(string, ...interface {}) (string, error)`. */
import type { Signature, TemplateFunction } from './function.ts';
import { goType } from './gotypes/registry.ts';

const FUNCTION_TYPE = /^func\((.*?)\)\s*(?:\(([^()]*)\)|([^()]+))$/;
const signatures = new WeakMap<TemplateFunction, Signature>();

/** The parameter and result types of a function. Read on first use, since named types come from large tables. */
export function signatureOf(fn: TemplateFunction): Signature {
  let signature = signatures.get(fn);
  if (signature === undefined) signatures.set(fn, (signature = read(fn.signature)));
  return signature;
}

function read(text: string): Signature {
  const [, params = '', results, result = ''] = FUNCTION_TYPE.exec(text) ?? [];
  const types = params.split(',').map((param) => param.trim());
  const variadic = types.at(-1)?.startsWith('...') ?? false;
  return {
    params: types.filter((type) => type !== '').map((type) => goType(type.replace(/^\.\.\./, ''))),
    variadic,
    result: goType((results?.split(',')[0] ?? result).trim()),
  };
}
