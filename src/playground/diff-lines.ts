/** The diff of a pod and the injected one, each line with what made it. */
import {
  parsePath,
  pathText,
  sourceText,
  type FieldProvenance,
  type PodProvenance,
} from '../explanation/provenance/index.ts';
import { diffTexts } from './diff-texts.ts';
import { linePaths } from './line-paths.ts';
import type { DiffLine, LineSource } from './preview-types.ts';

/** A diff, and the sources that its lines name. */
export interface SourcedDiff {
  readonly diff: readonly DiffLine[];
  readonly sources: readonly LineSource[];
}

/**
 * @param before YAML of the pod as it was sent
 * @param after YAML of the injected pod
 */
export function diffPods(before: string, after: string, provenance?: PodProvenance): SourcedDiff {
  const paths = linePaths(after).map(pathText);
  const fields = provenance === undefined ? new Map<string, FieldProvenance>() : withOuterPaths(provenance);
  const sources: LineSource[] = [];
  const indexes = new Map<FieldProvenance, number>();
  const sourceOf = (path: string): number | undefined => {
    const field = fields.get(path);
    if (field === undefined || field.step === 'request') return undefined;
    const known = indexes.get(field);
    if (known !== undefined) return known;
    indexes.set(field, sources.length);
    return sources.push(lineSource(field)) - 1;
  };
  const diff = diffTexts(before, after).map(({ kind, text, line }): DiffLine => {
    const path = line === undefined ? undefined : paths[line];
    const source = path === undefined ? undefined : sourceOf(path);
    return { kind, text, ...(path !== undefined && { path }), ...(source !== undefined && { source }) };
  });
  return { diff, sources };
}

/** A map or list that was not sent comes from where its first field comes from. */
function withOuterPaths({ fields }: PodProvenance): Map<string, FieldProvenance> {
  const all = new Map(fields);
  const sent = new Set<string>();
  for (const field of fields.values()) {
    if (field.step === 'request') for (const outer of outerPaths(field.path)) sent.add(outer);
  }
  for (const field of fields.values()) {
    for (const outer of outerPaths(field.path)) if (!all.has(outer) && !sent.has(outer)) all.set(outer, field);
  }
  return all;
}

function outerPaths(path: string): string[] {
  const steps = parsePath(path) ?? [];
  return steps.map((_, length) => pathText(steps.slice(0, length))).slice(1);
}

function lineSource({ template, step, explanation, values, conditions }: FieldProvenance): LineSource {
  const lines = new Set((template?.places ?? []).map(({ line }) => line));
  const callers = new Set((template?.places ?? []).flatMap(({ calledFrom = [] }) => calledFrom));
  const places = [...lines, ...[...callers].filter((line) => !lines.has(line))];
  return {
    lines: places.map((line) => ({ template: template?.name ?? '', line })),
    reads: values.map(sourceText),
    conditions: conditions.map(sourceText),
    ...(step !== 'template' && { step: explanation }),
  };
}
