/** `metav1.Time`: a `time.Time` that is RFC 3339 text in JSON; absent it is the zero time. */
import { Time, unixTime, ZERO_TIME } from '../../go/time.ts';
import { timeString } from '../../go/time-layout.ts';
import { timeType } from '../functions/sprig/time-types.ts';
import { BOOL, type Method, type TypeDetails } from '../types.ts';

const MILLIS_PER_SECOND = 1000;

function timeFrom(raw: unknown): Time {
  if (raw instanceof Time) return raw;
  const millis = typeof raw === 'string' ? Date.parse(raw) : NaN;
  return Number.isNaN(millis) ? ZERO_TIME : unixTime(BigInt(Math.floor(millis / MILLIS_PER_SECOND)));
}

/** metav1.Time hides these with methods of its own, which take a `*metav1.Time`. */
const HIDDEN = new Set(['Equal', 'Before', 'IsZero']);

/** The methods of the embedded `time.Time`. */
function promoted(): readonly Method[] {
  const methods = [...timeType.methods.values()].filter(({ name }) => !HIDDEN.has(name));
  return methods.map((method) => {
    const call = method.call as (raw: unknown, ...args: unknown[]) => unknown;
    return { ...method, call: (raw: unknown, ...args: unknown[]) => call(timeFrom(raw), ...args) };
  });
}

const isZero: Method = {
  name: 'IsZero',
  params: [],
  result: BOOL,
  onPointer: true,
  call: (raw) => timeFrom(raw).unixNanos === ZERO_TIME.unixNanos,
};

export const timeDetails: TypeDetails = {
  fields: () => [{ name: 'Time', type: timeType, get: timeFrom }],
  methods: () => [...promoted(), isZero],
  string: (raw) => timeString(timeFrom(raw)),
};
