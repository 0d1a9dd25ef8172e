#!/usr/bin/env node
import { CommanderError } from "commander"
import { exitCodes } from "./exit.js"
import { guardOutput } from "./output.js"
import { createProgram } from "./program.js"

guardOutput()
try {
  await createProgram().parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // It has been told already: help, a version, or what is wrong with the command line.
  if (error.exitCode !== 0) process.exitCode = exitCodes.usage
}
