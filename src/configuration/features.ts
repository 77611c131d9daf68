/** The environment variables of the control plane that change what is injected. */

/** Decoded features. */
export interface Features {
  /** `ENABLE_NATIVE_SIDECARS`; `auto` looks at the nodes. */
  readonly nativeSidecars: 'on' | 'off' | 'auto';
  /** `PLATFORM=openshift`: ids of the proxy come from the namespace. */
  readonly openshift: boolean;
  /** `COMPLIANCE_POLICY`, as templates see it. */
  readonly compliancePolicy: string;
}

/** Variables by name, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that features are read from; none of them is a secret. */
export const featureVariables = ['ENABLE_NATIVE_SIDECARS', 'PLATFORM', 'COMPLIANCE_POLICY'] as const;

/** Reads the features from the environment of the control plane. */
export function readFeatures(variables: Variables): { features: Features; warnings: readonly string[] } {
  const native = variables['ENABLE_NATIVE_SIDECARS'];
  const known = native === undefined || Object.hasOwn(nativeModes, native);
  const nativeSidecars = native === undefined ? 'auto' : (nativeModes[native as keyof typeof nativeModes] ?? 'off');
  return {
    features: {
      nativeSidecars,
      openshift: variables['PLATFORM'] === 'openshift',
      compliancePolicy: variables['COMPLIANCE_POLICY'] ?? '',
    },
    warnings: known ? [] : [`Unknown value for ENABLE_NATIVE_SIDECARS: ${native}, defaulting to false`],
  };
}

const nativeModes = { true: 'on', false: 'off', auto: 'auto' } as const;
