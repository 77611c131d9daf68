/** The lines of the templates and the fields that they wrote, for tools that show both side by side. */
import type { PodProvenance } from './provenance.ts';

/** Paths of fields by line, counted from 1. */
export type FieldsByLine = ReadonlyMap<number, readonly string[]>;

/** For each template its lines, and for each line the leaves of the injected pod that it wrote. */
export function fieldsByTemplateLine({ fields }: PodProvenance): ReadonlyMap<string, FieldsByLine> {
  const templates = new Map<string, Map<number, string[]>>();
  for (const { path, template } of fields.values()) {
    if (template === undefined) continue;
    const lines = templates.get(template.name) ?? new Map<number, string[]>();
    templates.set(template.name, lines);
    for (const line of new Set(template.places.map((place) => place.line))) {
      lines.set(line, [...(lines.get(line) ?? []), path]);
    }
  }
  return templates;
}
