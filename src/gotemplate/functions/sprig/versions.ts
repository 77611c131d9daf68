/** sprig's semantic versions (`semver.go`) and the Go type of a version, whose methods templates call. */
import { parseVersion, Version } from '../../../go/semver.ts';
import { satisfiesConstraint } from '../../../go/semver-constraint.ts';
import { define } from '../../function.ts';
import { addTypeFamily } from '../../gotypes/registry.ts';
import { BOOL, GoType, INT, STRING, UINT64, type Method, type StructField } from '../../types.ts';
import { nilDereference, orFail } from '../failures.ts';

const UNEXPORTED: readonly (readonly [string, GoType, (version: Version) => unknown])[] = [
  ['major', UINT64, (v) => v.major],
  ['minor', UINT64, (v) => v.minor],
  ['patch', UINT64, (v) => v.patch],
  ['pre', STRING, (v) => v.prerelease],
  ['metadata', STRING, (v) => v.metadata],
  ['original', STRING, (v) => v.original],
];

const versionType: GoType = new GoType('semver.Version', 'struct', {
  fields: () =>
    UNEXPORTED.map(([name, type, get]): StructField => ({
      name,
      type,
      unexported: true,
      get: (v) => get(v as Version),
    })),
  methods: () => METHODS,
  string: (raw) => (raw === null ? '<nil>' : String(raw)),
});

function method(name: string, result: GoType, compute: (version: Version) => unknown): Method {
  return { name, params: [], result, onPointer: true, call: (version) => compute(required(version)) };
}

function comparison(name: string, result: GoType, judge: (order: number) => unknown): Method {
  const call = (version: unknown, other: unknown): unknown => judge(required(version).compare(required(other)));
  return { name, params: [versionType.pointer], result, onPointer: true, call };
}

function change(name: string, derive: (version: Version, text: string) => Version): Method {
  const call = (version: unknown, text: string): Version => orFail(() => derive(required(version), text));
  return { name, params: [STRING], result: versionType, onPointer: true, call };
}

function required(version: unknown): Version {
  if (version instanceof Version) return version;
  throw nilDereference();
}

const METHODS: readonly Method[] = [
  method('String', STRING, (v) => v.toString()),
  method('Original', STRING, (v) => v.original),
  method('Major', UINT64, (v) => v.major),
  method('Minor', UINT64, (v) => v.minor),
  method('Patch', UINT64, (v) => v.patch),
  method('Prerelease', STRING, (v) => v.prerelease),
  method('Metadata', STRING, (v) => v.metadata),
  method('IncPatch', versionType, (v) => orFail(() => v.incPatch())),
  method('IncMinor', versionType, (v) => orFail(() => v.incMinor())),
  method('IncMajor', versionType, (v) => orFail(() => v.incMajor())),
  change('SetPrerelease', (v, text) => v.withPrerelease(text)),
  change('SetMetadata', (v, text) => v.withMetadata(text)),
  comparison('Compare', INT, (order) => BigInt(order)),
  comparison('Equal', BOOL, (order) => order === 0),
  comparison('LessThan', BOOL, (order) => order < 0),
  comparison('LessThanEqual', BOOL, (order) => order <= 0),
  comparison('GreaterThan', BOOL, (order) => order > 0),
  comparison('GreaterThanEqual', BOOL, (order) => order >= 0),
];

addTypeFamily((name) => (name === versionType.name ? versionType : undefined));

export const versionFunctions = [
  define('semver', 'func(string) (*semver.Version, error)', (text: string) => orFail(() => parseVersion(text))),
  define('semverCompare', 'func(string, string) (bool, error)', (constraint: string, version: string) =>
    orFail(() => satisfiesConstraint(constraint, version)),
  ),
];
