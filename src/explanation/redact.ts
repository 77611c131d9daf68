/** Keeps values of environment variables out of texts that quote parts of a pod, such as Istio's error messages. */
import { annotation } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';

/** What stands in the place of a value. */
const hidden = '…';

/** Shorter values are no secrets; hiding `1` or `on` would only make the text unreadable. */
const shortestSecret = 4;

/** Annotations that may hold environment variables of the proxy. */
const annotationsWithValues = [annotation.proxyConfig, annotation.overrides];

/**
 * Makes a function that hides the values of a pod in a text.
 * @param isPublic values that are no secrets of the pod, since they stand elsewhere, too; only asked where they occur
 */
export function hideValuesOf(pod: Pod, isPublic: (value: string) => boolean = () => false): (text: string) => string {
  const values = secretsOf(pod);
  return (text) =>
    values.reduce(
      (rest, value) => (rest.includes(value) && !isPublic(value) ? rest.replaceAll(value, hidden) : rest),
      text,
    );
}

/** Longer ones first, for a shorter one may be a part of them. */
function secretsOf({ metadata, spec }: Pod): readonly string[] {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const values = containers.flatMap(({ env }) => (env ?? []).map(({ value }) => value ?? ''));
  const annotations = annotationsWithValues
    .filter((name) => Object.hasOwn(metadata.annotations ?? {}, name))
    .map((name) => metadata.annotations?.[name] ?? '');
  const all = [...values, ...annotations, ...annotations.flatMap(scalarsOf)].flatMap(writtenForms);
  return [...new Set(all)].filter(({ length }) => length >= shortestSecret).sort((a, b) => b.length - a.length);
}

/** Words of a YAML or JSON text that stand where values stand: behind a colon or in a list. */
function scalarsOf(text: string): string[] {
  return [...text.matchAll(/(?:[:,[{]|^\s*-)\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,"'[\]{}][^\n,[\]{}]*)/gm)].map(
    ([, scalar = '']) => scalar.replace(/^["']|["']$/g, '').trim(),
  );
}

/** A text as it is, and as messages quote it. */
function writtenForms(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1)];
}
