import { describe, expect, it } from 'vitest';
import { decodeChangedPod, decodePod, NormalForms } from '../../src/kubernetes/index.ts';
import { randomNumbers, type Random } from '../support/mutate.ts';

const source = {
  metadata: { name: 'a', labels: { app: 'a', x: 'y' }, annotations: { b: 'c' }, ownerReferences: [{ name: 'o' }] },
  spec: {
    containers: ['one', 'two', 'three', 'four'].map((name) => ({
      name,
      image: `${name}:1`,
      env: [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'C', value: '' }],
      resources: { limits: { cpu: '1000m', memory: '1Gi' } },
      ports: [{ containerPort: 80, name: 'http' }],
      args: ['a', 'b', 'c'],
    })),
    initContainers: [{ name: 'init' }],
    volumes: [
      { name: 'v', emptyDir: {} },
      { name: 'w', configMap: { name: 'c' } },
    ],
    nodeSelector: { zone: 'z' },
  },
};

const replacements: readonly unknown[] = [
  null,
  '',
  'x',
  0,
  7,
  true,
  [],
  {},
  { name: 'one' },
  [{ name: 'new', Image: 'i' }],
  { cpu: '0.5' },
];

/** A value that differs in one place and shares the rest. */
function changed(value: unknown, random: Random): unknown {
  const replace = (): unknown => replacements[random(replacements.length)];
  if (typeof value !== 'object' || value === null || random(8) === 0) return replace();
  if (Array.isArray(value)) {
    const at = random(value.length + 1);
    const choice = random(4);
    if (choice === 0) return value.toSpliced(at, 0, replace());
    if (choice === 1) return value.toSpliced(at, 1);
    if (choice === 2) return [...value].reverse();
    return value.map((item, index) => (index === at ? changed(item, random) : (item as unknown)));
  }
  const keys = Object.keys(value);
  const key = keys[random(keys.length || 1)] ?? 'name';
  if (random(6) === 0) return { ...value, [key.toUpperCase()]: replace() };
  return { ...value, [key]: changed((value as Record<string, unknown>)[key], random) };
}

const outcome = (decode: () => unknown): unknown => {
  try {
    return decode();
  } catch (error) {
    return String(error);
  }
};

describe('a pod that was changed', () => {
  const known = decodePod(source);

  it.each(Array.from({ length: 20 }, (_, index) => index))('is read as if nothing was known of it (%i)', (seed) => {
    const random = randomNumbers(seed);
    for (let i = 0; i < 100; i++) {
      let raw: unknown = known;
      for (let changes = random(3); changes >= 0; changes--) raw = changed(raw, random);
      expect(outcome(() => decodeChangedPod(raw, known))).toEqual(outcome(() => decodePod(raw)));
    }
  });

  it('is itself where nothing was changed', () => {
    expect(decodeChangedPod({ ...known, spec: { ...known.spec } }, known)).toEqual(known);
    expect(decodeChangedPod(known, known)).toBe(known);
  });

  it('is made of the same parts again', () => {
    const part = { name: 'proxy', resources: { limits: { cpu: '1000m' } } };
    const forms = new NormalForms();
    forms.add(part);
    const decode = (): unknown =>
      decodeChangedPod(
        { ...known, spec: { ...known.spec, containers: [...(known.spec.containers ?? []), part] } },
        known,
        forms,
      ).spec.containers?.at(-1);
    expect(decode()).toEqual({ name: 'proxy', resources: { limits: { cpu: '1' } } });
    expect(decode()).toBe(decode());
  });

  it('tells the types apart that one part is read as', () => {
    const part = { name: 'x', emptyDir: null, tty: true };
    const forms = new NormalForms();
    forms.add(part);
    const { spec } = decodeChangedPod(
      { ...known, spec: { ...known.spec, containers: [part], volumes: [part] } },
      known,
      forms,
    );
    expect(spec.containers).toEqual([{ name: 'x', tty: true, resources: {} }]);
    expect(spec['volumes']).toEqual([{ name: 'x' }]);
  });

  it('is refused each time for a part that does not fit', () => {
    const part = { name: 1 };
    const forms = new NormalForms();
    forms.add(part);
    const decode = (): unknown =>
      decodeChangedPod({ ...known, spec: { ...known.spec, containers: [part] } }, known, forms);
    expect(decode).toThrow(
      'cannot unmarshal number into Go struct field Container.spec.containers.name of type string',
    );
    expect(decode).toThrow(
      'cannot unmarshal number into Go struct field Container.spec.containers.name of type string',
    );
  });
});
