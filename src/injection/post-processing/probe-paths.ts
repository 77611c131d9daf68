/** Where a container keeps something that is rewritten, and the path under which the proxy's agent serves it. */
export const probePaths = [
  { field: 'readinessProbe', path: (name: string) => `/app-health/${name}/readyz` },
  { field: 'livenessProbe', path: (name: string) => `/app-health/${name}/livez` },
  { field: 'startupProbe', path: (name: string) => `/app-health/${name}/startupz` },
] as const;

/** As {@link probePaths}, below `lifecycle`. */
export const lifecyclePaths = [
  { field: 'preStop', path: (name: string) => `/app-lifecycle/${name}/prestopz` },
  { field: 'postStart', path: (name: string) => `/app-lifecycle/${name}/poststartz` },
] as const;
