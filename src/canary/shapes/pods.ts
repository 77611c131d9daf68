/** Pods by what they say of themselves: their volumes, network and scheduling. */
import { app, image, namespace, shape, type CanaryShape, type Json } from './shape.ts';

/** The token volume that the API server adds to every pod. */
const tokenVolume: Json = {
  name: 'kube-api-access-abcde',
  projected: {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
  },
};
const tokenMount: Json = {
  name: 'kube-api-access-abcde',
  readOnly: true,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
};

/** The pods. */
export const podShapes: readonly CanaryShape[] = [
  shape('bare', { containers: [{ name: 'app', image }] }, { name: 'bare', namespace }),
  shape('as the API server sends it', {
    containers: [
      {
        ...app,
        volumeMounts: [tokenMount],
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    volumes: [tokenVolume],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  }),
  shape('volumes of many kinds', {
    containers: [
      {
        ...app,
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'config', mountPath: '/config', subPath: 'a/b', readOnly: true },
          { name: 'secret', mountPath: '/secret' },
          { name: 'claim', mountPath: '/claim' },
          { name: 'all', mountPath: '/all' },
        ],
      },
    ],
    volumes: [
      { name: 'data', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      { name: 'config', configMap: { name: 'settings', items: [{ key: 'a', path: 'a' }] } },
      { name: 'secret', secret: { secretName: 'keys', optional: true } },
      { name: 'claim', persistentVolumeClaim: { claimName: 'claim' } },
      { name: 'host', hostPath: { path: '/var/log', type: 'Directory' } },
      { ...tokenVolume, name: 'all' },
    ],
  }),
  shape('own DNS', {
    dnsPolicy: 'None',
    dnsConfig: { nameservers: ['10.0.0.10'], searches: ['svc.example'], options: [{ name: 'ndots', value: '4' }] },
    containers: [app],
  }),
  shape('much of everything', {
    containers: [app],
    imagePullSecrets: [{ name: 'registry' }],
    nodeSelector: { disk: 'ssd' },
    hostAliases: [{ ip: '10.1.2.3', hostnames: ['a.example'] }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'web' } },
      },
    ],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } },
        ],
      },
    },
    terminationGracePeriodSeconds: 90,
    priorityClassName: 'important',
    shareProcessNamespace: true,
    readinessGates: [{ conditionType: 'example.com/ready' }],
    hostname: 'web',
    subdomain: 'web',
  }),
];
