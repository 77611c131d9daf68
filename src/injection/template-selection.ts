/** Which templates a pod is rendered with. */
import type { Pod } from '../kubernetes/index.ts';
import { trimSpace } from '../go/unicode.ts';
import { lookup } from './maps.ts';
import { annotation } from './names.ts';

/** Names a configuration gives to templates and groups of templates. */
export interface TemplateNames {
  readonly defaultTemplates: readonly string[];
  readonly aliases: Readonly<Record<string, readonly string[]>>;
}

/**
 * Names of the templates to render, in order: those the pod asks for, else the defaults; aliases are expanded once, so an alias
 * inside an alias is taken as a template's name. An empty annotation asks for the template named `""`.
 */
export function selectTemplates(pod: Pod, { defaultTemplates, aliases }: TemplateNames): readonly string[] {
  const asked = lookup(pod.metadata.annotations, annotation.templates);
  const names = asked === undefined ? defaultTemplates : asked.split(',').map(trimSpace);
  return names.flatMap((name) => lookup(aliases, name) ?? [name]);
}
