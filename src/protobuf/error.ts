/** Errors of the protobuf JSON reader. */

/** JSON that does not fit a message; the message is the text of Go's `github.com/golang/protobuf/jsonpb`. */
export class ProtobufJsonError extends Error {
  override readonly name = 'ProtobufJsonError';
  /** Where in the JSON, in camelCase: `http[0].match[1].uri`; empty for the message itself. */
  path = '';

  /** The same error seen from the field, element or entry around it. */
  inside(segment: string): this {
    const separator = this.path === '' || this.path.startsWith('[') ? '' : '.';
    this.path = segment + separator + this.path;
    return this;
  }

  /** The same error with another text. */
  reworded(message: string): ProtobufJsonError {
    const error = new ProtobufJsonError(message);
    error.path = this.path;
    return error;
  }
}
