/** Faults that an HTTP route injects. */
import { quote } from '../../../go/quote.ts';
import type {
  HTTPFaultInjection,
  HTTPFaultInjection_Abort,
  HTTPFaultInjection_Delay,
  Percent,
} from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Problem, Result } from '../../result.ts';
import { checkDuration } from '../../rules/durations.ts';
import { checkFractionalPercent } from '../../rules/percentages.ts';

const grpcStatuses: ReadonlySet<string> = new Set([
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]);

const grpcStatusesPage = 'https://github.com/grpc/grpc/blob/master/doc/statuscodes.md';

/** Checks a fault. */
export function checkFault(result: Result, path: FieldPath, fault: HTTPFaultInjection): void {
  const { abort, delay } = fault;
  if (abort === undefined && delay === undefined) {
    const message = 'HTTP fault injection must have an abort and/or a delay';
    result.listError(path, problem('fault-empty', message));
  }
  if (abort !== undefined) checkAbort(result, path.at('abort'), abort);
  if (delay !== undefined) checkDelay(result, path.at('delay'), delay);
}

/** Checks an HTTP status that a route answers with. Istio lets 600 pass although its text does not. */
export function checkHttpStatus(status: number): Problem | undefined {
  if (status >= 200 && status <= 600) return undefined;
  return problem('http-status', `HTTP status ${status} is not in range 200-599`);
}

function checkAbort(result: Result, path: FieldPath, abort: HTTPFaultInjection_Abort): void {
  checkPercentage(result, path, abort.percentage);
  if (abort.grpcStatus !== undefined && !grpcStatuses.has(abort.grpcStatus)) {
    const status = quote(abort.grpcStatus);
    const message = `gRPC status ${status} is not supported. See ${grpcStatusesPage} for a list of supported codes, for example 'NOT_FOUND'`;
    result.error(path.at('grpcStatus'), problem('grpc-status', message));
  }
  if (abort.http2Error !== undefined) {
    const message = 'HTTP/2 abort fault injection not supported yet';
    result.error(path.at('http2Error'), problem('fault-not-supported', message));
  }
  if (abort.httpStatus !== undefined) result.error(path.at('httpStatus'), checkHttpStatus(abort.httpStatus));
}

function checkDelay(result: Result, path: FieldPath, delay: HTTPFaultInjection_Delay): void {
  checkPercentage(result, path, delay.percentage);
  result.error(path.at('fixedDelay'), checkDuration(delay.fixedDelay));
  if (delay.exponentialDelay === undefined) return;
  const place = path.at('exponentialDelay');
  result.error(place, checkDuration(delay.exponentialDelay));
  result.listError(place, problem('fault-not-supported', 'exponentialDelay not supported yet'));
}

function checkPercentage(result: Result, path: FieldPath, percentage: Percent | undefined): void {
  if (percentage === undefined) return;
  result.error(path.at('percentage').at('value'), checkFractionalPercent(percentage.value));
}
