/** What the command line ends with, besides 128 and a signal's number. */
export const exitCodes = {
  /** All went well; or the reader of standard output had enough. */
  ok: 0,
  /** Something failed: an address in use, input that cannot be read, a peer that is none. */
  failure: 1,
  /** The command line is wrong. */
  usage: 2,
  /** What was waited for did not come in time (as timeout(1) has it). */
  timeout: 124,
  /** What a signal's number is added to. */
  signal: 128,
} as const

/** Ends the command with a message for standard error, and a code. */
export class Failure extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failure) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The command line is wrong. */
export class UsageFailure extends Failure {
  constructor(message: string) {
    super(message, exitCodes.usage)
  }
}

/** Something did not come in time. */
export class TimeoutFailure extends Failure {
  constructor(what: string) {
    super(`Timed out: ${what}`, exitCodes.timeout)
  }
}
