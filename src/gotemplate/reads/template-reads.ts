import { byteLength } from '../../go/utf8.ts';
import { builtinFunctions } from '../builtins/index.ts';
import { templateFunctions } from '../functions/index.ts';
import { injectionDataType } from '../injection-data.ts';
import { parse } from '../parse/parser.ts';
import { analyse } from './analysis.ts';
import { anyKey, Place, type PlaceKey } from './place.ts';

/** A part of the data that a template names. */
export interface DataRead {
  /** Keys from the root of the data, Go names for fields: `['Values', 'global', 'hub']`; {@link anyKey} for all of a map or list. */
  readonly path: readonly PlaceKey[];
  /** Whether all that stands there may be read, and not only whether something does, or parts that have an entry of their own. */
  readonly isWhole: boolean;
  /** 1-based line in the source. */
  readonly line: number;
  /** 0-based offset in bytes within the line, as Go counts. */
  readonly column: number;
}

/** What a template may read of its data; more than it does read, never less. */
export interface TemplateReads {
  /** The data as a whole; its children are what is read of it. */
  readonly root: Place;
  /** In the order of the source. */
  readonly reads: readonly DataRead[];
  /** The output also depends on the environment, the clock or chance. */
  readonly usesContext: boolean;
  /** Paths of maps that a function such as `set` may change in place. */
  readonly changes: readonly (readonly PlaceKey[])[];
}

export interface ReadsOptions {
  /** The template's name; `inject`, as the injector calls all of its templates, by default. */
  readonly name?: string;
  /** What the data is: that of injection templates (the default), or plain JSON. */
  readonly dataKind?: 'injection' | 'json';
}

/**
 * Finds out, without executing it, what a template with the functions of sprig and Istio may read.
 * @throws TemplateError with phase `parse`
 */
export function templateReads(text: string, options: ReadsOptions = {}): TemplateReads {
  const { name = 'inject', dataKind = 'injection' } = options;
  const trees = parse(name, text, (fn) => templateFunctions.has(fn) || builtinFunctions.has(fn));
  const root = Place.root(dataKind === 'injection' ? injectionDataType : undefined);
  const { usesContext, changed } = analyse(trees, name, templateFunctions, root);
  return { root, reads: readsBelow(root, text), usesContext, changes: [...changed].map(({ path }) => path) };
}

function readsBelow(root: Place, text: string): DataRead[] {
  const found: { readonly place: Place; readonly pos: number }[] = [];
  const collect = (place: Place): void => {
    for (const pos of place.positions) found.push({ place, pos });
    place.children.forEach(collect);
  };
  collect(root);
  found.sort((a, b) => a.pos - b.pos);
  const lines = lineStarts(text);
  return found.map(({ place, pos }) => ({ path: place.path, isWhole: place.isWhole, ...positionOf(text, lines, pos) }));
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function positionOf(text: string, lines: readonly number[], pos: number): { line: number; column: number } {
  const line = lines.findLastIndex((start) => start <= pos);
  return { line: line + 1, column: byteLength(text.slice(lines[line] ?? 0, pos)) };
}

/** A path as templates write it: `.Values.global.hub`, `.ObjectMeta.Labels["app.kubernetes.io/name"]`, `.Spec.Containers[].Name`. */
export function showPath(path: readonly PlaceKey[]): string {
  if (path.length === 0) return '.';
  return path
    .map((key) => {
      if (key === anyKey) return '[]';
      return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    })
    .join('');
}
