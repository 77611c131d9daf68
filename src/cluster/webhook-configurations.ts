/**
 * Keeps the `caBundle` of our webhook configurations right: watched by every replica, written by the leader alone.
 *
 * Nothing else of them is touched; `failurePolicy` only where that was asked for.
 */
import type { Registry } from 'prom-client';
import type { Logger } from '../server/logger.ts';
import { messageOf } from './certificates/source.ts';
import { ApiError, isNotFound, type ApiClient } from './client.ts';
import { Reflector } from './reflector.ts';
import {
  entriesPatch,
  openEntries,
  readConfiguration,
  revisionLabel,
  selectEntries,
  webhookKinds,
  type Identity,
  type Selection,
  type WebhookConfiguration,
  type WebhookEntry,
  type WebhookKind,
} from './webhooks/configuration.ts';
import { attemptsName, createWebhookMetrics } from './webhooks/metrics.ts';
import { Overwrites } from './webhooks/overwrites.ts';
import { probeRejection } from './webhooks/rejection-probe.ts';

export interface WebhookConfigurationsOptions extends Identity {
  readonly client: ApiClient;
  /** Which kinds are ours to write; Istio's variables can exclude either. */
  readonly kinds: readonly WebhookKind[];
  /** Where the object of the probe is tried. */
  readonly namespace: string;
  /** Turn `failurePolicy` of validating webhooks to `Fail` once they are seen to work. */
  readonly manageFailurePolicy: boolean;
  /** What clients should trust, PEM; undefined when there is nothing that works. */
  readonly caBundle: () => string | undefined;
  readonly leads: () => boolean;
  /** The `caBundle`s, PEM, of the entries that are ours, whenever they change. */
  readonly onBundles: (bundles: readonly string[]) => void;
  readonly log: Logger;
  readonly registry: Registry;
}

export interface WebhookConfigurations {
  /** The bundle, the certificate or the leader may have changed. */
  readonly changed: () => void;
  readonly stop: () => void;
}

/** Of a failed write, and of a probe that found no rejection; doubled for each further one. Milliseconds. */
const firstRetry = 100;
const longestRetry = 60_000;

const managers = { caBundle: 'outrigger', failurePolicy: 'outrigger-failure-policy' } as const;

/** What is remembered of a configuration. */
interface Memory {
  readonly overwrites: Overwrites;
  failures: number;
  /** Not to be written before, in milliseconds of a monotonic clock. */
  notBefore: number;
  /** The bundle that we wrote last, or saw in place, base64. */
  healed?: string;
  /** The version that our last write replaced: the watch may show it for a moment longer. */
  replaced?: string;
  /** What was said about it last, so that it is said once. */
  said?: string;
}

export function startWebhookConfigurations(options: WebhookConfigurationsOptions): WebhookConfigurations {
  const keeper = new Keeper(options);
  keeper.start();
  return keeper;
}

class Keeper implements WebhookConfigurations {
  readonly #options: WebhookConfigurationsOptions;
  readonly #metrics: ReturnType<typeof createWebhookMetrics>;
  readonly #reflectors: Reflector<WebhookConfiguration>[];
  readonly #memories = new Map<string, Memory>();
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #again = false;
  #stopped = false;
  #rejects = false;
  #probe = { failures: 0, notBefore: 0 };

  constructor(options: WebhookConfigurationsOptions) {
    this.#options = options;
    this.#metrics = createWebhookMetrics(options.registry);
    this.#reflectors = options.kinds.map((type) => this.#reflectorOf(type));
  }

  start(): void {
    for (const reflector of this.#reflectors) void reflector.run();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const reflector of this.#reflectors) reflector.stop();
  }

  changed(): void {
    if (this.#stopped) return;
    this.#tellBundles();
    this.#again = this.#busy;
    if (!this.#busy) void this.#round();
  }

  #reflectorOf(type: WebhookKind): Reflector<WebhookConfiguration> {
    const { resource } = webhookKinds[type];
    let failure = '';
    return new Reflector(this.#options.client, {
      resource,
      name: resource.resource,
      labelSelector: revisionLabel,
      keep: (object) => readConfiguration(type, object),
      onChange: () => {
        this.changed();
      },
      onHeard: () => {
        failure = '';
      },
      onFailure: (error) => {
        if (failure === '') this.#options.log.warn(`cannot watch ${resource.resource}: ${messageOf(error)}`);
        failure = messageOf(error);
      },
      // Pods are not made while a caBundle is wrong.
      times: { firstRetry: 200, longestRetry: 5_000 },
    });
  }

  #configurations(): WebhookConfiguration[] {
    return this.#reflectors.flatMap(({ items }) => [...items.values()]);
  }

  #tellBundles(): void {
    const entries = this.#configurations().flatMap((one) => selectEntries(one, this.#options).entries);
    this.#options.onBundles(entries.map(({ caBundle }) => Buffer.from(caBundle, 'base64').toString()));
  }

  async #round(): Promise<void> {
    this.#busy = true;
    let wait = Number.POSITIVE_INFINITY;
    for (const configuration of this.#configurations()) {
      if (this.#stopped) return;
      wait = Math.min(wait, await this.#look(configuration));
    }
    this.#busy = false;
    clearTimeout(this.#timer);
    if (this.#again) wait = 0;
    if (!Number.isFinite(wait)) return;
    this.#timer = setTimeout(() => {
      this.changed();
    }, wait);
  }

  /** @returns after how many milliseconds to look again; infinity: when something changes */
  async #look(configuration: WebhookConfiguration): Promise<number> {
    const memory = this.#memoryOf(configuration);
    if (memory.replaced === configuration.resourceVersion) return Number.POSITIVE_INFINITY;
    memory.replaced = undefined;
    const selection = selectEntries(configuration, this.#options);
    if (selection.why !== undefined) return this.#leave(configuration, selection.why, memory);
    if (!this.#options.leads()) {
      memory.healed = undefined;
      return Number.POSITIVE_INFINITY;
    }
    const bundle = this.#options.caBundle();
    if (bundle === undefined) return this.#withoutBundle(configuration, memory);
    const encoded = Buffer.from(bundle).toString('base64');
    const wrong = selection.entries.filter(({ caBundle }) => caBundle !== encoded);
    if (wrong.length === 0) {
      memory.healed = encoded;
      return this.#lookAtPolicy(configuration, selection.entries, memory);
    }
    if (memory.healed === encoded) this.#noteOverwrite(configuration, wrong, memory);
    const wait = memory.notBefore - performance.now();
    return wait > 0 ? wait : this.#heal(configuration, wrong, encoded, memory);
  }

  async #heal(
    configuration: WebhookConfiguration,
    wrong: readonly WebhookEntry[],
    encoded: string,
    memory: Memory,
  ): Promise<number> {
    const { log } = this.#options;
    if (configuration.type === 'mutating') this.#metrics.attempts.inc({ name: attemptsName });
    const failure = await this.#write(configuration, entriesPatch(wrong, 'clientConfig/caBundle', encoded), 'caBundle');
    if (failure === undefined) {
      Object.assign(memory, { healed: encoded, replaced: configuration.resourceVersion, failures: 0, said: undefined });
      if (configuration.type === 'validating') this.#metrics.updates.inc();
      log.info({ entries: wrong.map(({ name }) => name) }, `caBundle of ${titleOf(configuration)} set`);
      return Number.POSITIVE_INFINITY;
    }
    this.#countFailure(configuration, failure);
    // It is gone; the watch says so.
    if (isNotFound(failure)) return Number.POSITIVE_INFINITY;
    if (configuration.type === 'mutating') this.#metrics.retries.inc({ name: configuration.name });
    const text = `caBundle of ${titleOf(configuration)} cannot be set: ${messageOf(failure)}`;
    if (memory.said !== text) log.error(text);
    memory.said = text;
    const wait = Math.min(firstRetry * 2 ** memory.failures, longestRetry);
    memory.failures += 1;
    memory.notBefore = performance.now() + wait;
    return wait;
  }

  async #write(
    { type, name }: WebhookConfiguration,
    patch: Parameters<ApiClient['patch']>[2],
    what: keyof typeof managers,
  ): Promise<unknown> {
    try {
      const { client } = this.#options;
      await client.patch(webhookKinds[type].resource, name, patch, { fieldManager: managers[what], timeout: 10_000 });
      return undefined;
    } catch (error) {
      return error ?? new Error('unknown');
    }
  }

  #noteOverwrite(configuration: WebhookConfiguration, wrong: readonly WebhookEntry[], memory: Memory): void {
    const wait = memory.overwrites.note(performance.now());
    memory.healed = undefined;
    memory.notBefore = performance.now() + wait;
    const manager = wrong[0]?.manager ?? 'unknown';
    const { type, name } = configuration;
    this.#metrics.overwritten.inc({ kind: webhookKinds[type].kind, name, manager });
    const count = memory.overwrites.count;
    const what = `the field manager ${JSON.stringify(manager)} overwrote caBundle of ${titleOf(configuration)}`;
    this.#options.log.warn(
      { manager, entries: wrong.map((entry) => entry.name), count },
      wait === 0
        ? `${what}: it is set again`
        : `${what} ${count} times: it is set again in ${wait / 1000} s; leave caBundle out of what that manager applies`,
    );
  }

  /** Not ours, or nothing in it is: said once. */
  #leave(configuration: WebhookConfiguration, why: NonNullable<Selection['why']>, memory: Memory): number {
    const { type, name, entries } = configuration;
    // Before there is a certificate, it is for no host.
    const isEarly = why === 'other host' && this.#options.caBundle() === undefined;
    if (why === 'no revision' || isEarly || memory.said === why) return Number.POSITIVE_INFINITY;
    memory.said = why;
    if (why === 'other host') {
      const hosts = [...new Set(entries.map(({ host }) => host))].join(', ');
      this.#options.log.info(
        `${titleOf(configuration)} has our revision but calls ${hosts}, which our certificate is not for: it is left alone (see --service-name)`,
      );
    } else if (type === 'mutating') {
      this.#metrics.failures.inc({ name, reason: why === 'no entry' ? 'webhook_entry_not_found' : 'wrong_revision' });
    }
    return Number.POSITIVE_INFINITY;
  }

  #withoutBundle(configuration: WebhookConfiguration, memory: Memory): number {
    if (memory.said === 'no bundle') return Number.POSITIVE_INFINITY;
    memory.said = 'no bundle';
    if (configuration.type === 'validating') this.#metrics.loadErrors.inc({ reason: 'could not verify caBundle' });
    else this.#metrics.failures.inc({ name: configuration.name, reason: 'load_ca_bundle_failure' });
    return Number.POSITIVE_INFINITY;
  }

  #countFailure({ type, name }: WebhookConfiguration, error: unknown): void {
    if (type === 'mutating') {
      const reason = isNotFound(error) ? 'webhook_config_not_found' : 'webhook_update_failure';
      this.#metrics.failures.inc({ name, reason });
    } else {
      this.#metrics.updateErrors.inc({ reason: error instanceof ApiError ? error.reason : 'unknown' });
    }
  }

  /** The webhook is called; what happens when it cannot be is the administrator's to say, or with leave ours. */
  async #lookAtPolicy(
    configuration: WebhookConfiguration,
    entries: readonly WebhookEntry[],
    memory: Memory,
  ): Promise<number> {
    const open = entries.filter(
      ({ name, failurePolicy }) =>
        failurePolicy !== undefined && failurePolicy !== 'Fail' && !openEntries.includes(name),
    );
    if (open.length === 0) return Number.POSITIVE_INFINITY;
    if (configuration.type === 'validating' && this.#options.manageFailurePolicy)
      return this.#close(configuration, open);
    const said = `open ${open.map(({ name }) => name).join(' ')}`;
    if (memory.said !== said) {
      const remedy =
        configuration.type === 'validating' ? 'set it to Fail, or use --manage-failure-policy' : 'set it to Fail';
      this.#options.log.info(
        { entries: open.map(({ name }) => name) },
        `failurePolicy of ${titleOf(configuration)} could be Fail now, and what we cannot answer would no longer pass: ${remedy}`,
      );
    }
    memory.said = said;
    return Number.POSITIVE_INFINITY;
  }

  /** Turns `failurePolicy` to `Fail`, as Istio's controller does, when the webhook is seen to work. */
  async #close(configuration: WebhookConfiguration, open: readonly WebhookEntry[]): Promise<number> {
    const { client, namespace, revision, log } = this.#options;
    const wait = this.#probe.notBefore - performance.now();
    if (wait > 0) return wait;
    if (!this.#rejects) {
      const verdict = await probeRejection(client, namespace, revision);
      this.#rejects = verdict.ready;
      if (!verdict.ready) {
        const retry = Math.min(firstRetry * 2 ** this.#probe.failures, longestRetry);
        this.#probe = { failures: this.#probe.failures + 1, notBefore: performance.now() + retry };
        log.info(`failurePolicy of ${titleOf(configuration)} stays as it is: ${verdict.reason}`);
        return retry;
      }
      if (verdict.warning !== undefined) log.warn(verdict.warning);
    }
    const failure = await this.#write(configuration, entriesPatch(open, 'failurePolicy', 'Fail'), 'failurePolicy');
    if (failure === undefined) {
      this.#metrics.updates.inc();
      this.#probe = { failures: 0, notBefore: 0 };
      log.info({ entries: open.map(({ name }) => name) }, `failurePolicy of ${titleOf(configuration)} set to Fail`);
      return Number.POSITIVE_INFINITY;
    }
    this.#countFailure(configuration, failure);
    log.error(`failurePolicy of ${titleOf(configuration)} cannot be set: ${messageOf(failure)}`);
    const retry = Math.min(firstRetry * 2 ** this.#probe.failures, longestRetry);
    this.#probe = { failures: this.#probe.failures + 1, notBefore: performance.now() + retry };
    return retry;
  }

  #memoryOf({ type, name }: WebhookConfiguration): Memory {
    const key = `${type}/${name}`;
    const memory = this.#memories.get(key) ?? { overwrites: new Overwrites(), failures: 0, notBefore: 0 };
    this.#memories.set(key, memory);
    return memory;
  }
}

function titleOf({ type, name }: WebhookConfiguration): string {
  return `${webhookKinds[type].kind} ${name}`;
}
