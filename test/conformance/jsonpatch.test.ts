import { readFileSync, readdirSync } from 'node:fs';
import { type Operation as Applicable, applyPatch } from 'fast-json-patch';
import { expect, it } from 'vitest';
import { diffAgainstRaw } from '../../src/jsonpatch/index.ts';
import { decodeTyped } from '../../src/kubernetes/index.ts';
import { describeShared, shared } from '../support/shared.ts';

interface InjectionCase {
  readonly review?: { readonly request?: { readonly object?: unknown } };
  readonly expect: { readonly pod?: unknown };
}

const folder = 'conformance/injection/cases';

function injectedPods(): { path: string; raw: unknown; pod: unknown }[] {
  return readdirSync(shared(folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .flatMap((path) => {
      const { review, expect: expected } = JSON.parse(
        readFileSync(shared(`${folder}/${path}`), 'utf8'),
      ) as InjectionCase;
      const raw = review?.request?.object;
      return raw === undefined || expected.pod === undefined ? [] : [{ path, raw, pod: expected.pod }];
    });
}

describeShared('difference between the pods of the injection corpus', folder, () => {
  it.each(injectedPods())('turns the pod of $path into the injected one', ({ raw, pod }) => {
    const target = decodeTyped('v1.Pod', pod);
    const patch = diffAgainstRaw(raw, decodeTyped('v1.Pod', raw), target) as Applicable[];
    const patched = applyPatch(structuredClone(raw), structuredClone(patch), true).newDocument;
    expect(decodeTyped('v1.Pod', patched)).toEqual(target);
  });
});
