#!/usr/bin/env node
import { CommanderError } from "commander"
import { exitCodes } from "./exit.js"
import { createProgram } from "./program.js"

try {
  await createProgram().parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // It has been told already: help, a version, or what is wrong with the command line.
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
}
