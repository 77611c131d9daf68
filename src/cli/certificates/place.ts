/** The flags that say whose certificate it is. */
export interface PlaceFlags {
  readonly namespace: string;
  readonly revision: string;
  readonly serviceName?: string;
}

/** The names that follow from them. */
export function placeOf({ revision, serviceName }: PlaceFlags): { serviceName: string; secretName: string } {
  const suffix = revision === '' || revision === 'default' ? '' : `-${revision}`;
  return { serviceName: serviceName ?? `outrigger${suffix}`, secretName: `outrigger-certificates${suffix}` };
}
