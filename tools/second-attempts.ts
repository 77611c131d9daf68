/** A vitest reporter: names the tests that failed at their first attempt and passed at the second. */
import type { Reporter, TestCase } from 'vitest/node';

export default class SecondAttempts implements Reporter {
  readonly #tests: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky !== true) return;
    const causes = (test.result().errors ?? []).map(({ message }) => message.split('\n', 1)[0] ?? '');
    this.#tests.push([`${test.module.relativeModuleId} > ${test.fullName}`, ...causes].join('\n      '));
  }

  onTestRunEnd(): void {
    if (this.#tests.length === 0) return;
    process.stderr.write(`\npassed at the second attempt only:\n  ${this.#tests.join('\n  ')}\n`);
  }
}
