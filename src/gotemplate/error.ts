/** Where a template failed: while its text was parsed or while it ran. */
export type TemplatePhase = 'parse' | 'exec';

/** A position in the source of a template. */
export interface TemplatePosition {
  /** 1-based line. */
  readonly line: number;
  /** 0-based offset in bytes within the line, as Go counts; only known for execution errors. */
  readonly column?: number;
}

/** A template that cannot be parsed or executed. The message is the one of Go's `text/template`. */
export class TemplateError extends Error {
  override name = 'TemplateError';
  readonly phase: TemplatePhase;
  /** 1-based line in the template's source. */
  readonly line: number;
  /** 0-based offset in bytes within the line; only execution errors have one. */
  readonly column: number | undefined;

  constructor(phase: TemplatePhase, message: string, position: TemplatePosition) {
    super(message);
    this.phase = phase;
    this.line = position.line;
    this.column = position.column;
  }
}
