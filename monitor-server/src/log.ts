/** What the rooms log with: fields first, then a sentence. Pino's shape; its JSON escapes CR and LF. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
