import { existsSync } from "node:fs"
import { basename, dirname } from "node:path"
import type { Command } from "commander"
import { createCertificates, curveKeyPair } from "../../index.js"
import { examples } from "../examples.js"
import { Failure } from "../exit.js"
import { complain, tell } from "../terminal.js"
import { collect, toAssignment } from "../values.js"

interface KeygenFlags {
  readonly json?: boolean
  readonly force?: boolean
  readonly metadata?: readonly { name: string; text: string }[]
}

/** `puremq keygen`. */
export function registerKeygen(program: Command): void {
  const command = program
    .command("keygen")
    .summary("make keys of CURVE")
    .description(
      "Makes a certificate: <name>.key, which is for others, and <name>.key_secret, which only its owner may read. Without a name it writes the two keys to standard output. CZMQ and pyzmq read these files too.",
    )
    .argument("[name]", "where to write the certificate, with or without a folder")
    .option("--metadata <name=value>", "what to say of the owner; may be repeated", collect(toProperty))
    .option("--force", "write over a certificate that is there")
    .option("--json", "write the keys as an object of JSON")
    .action(run)
  examples(command, [
    ["A certificate for a server", "puremq keygen /etc/service/server"],
    [
      "Use it",
      "puremq rep --bind tcp://*:5555 --echo --curve-server --curve-secret-key /etc/service/server.key_secret",
    ],
    ["And from elsewhere", "puremq req tcp://host:5555 -m Hello --curve-server-key server.key"],
  ])
}

function toProperty(text: string): { name: string; text: string } {
  const { name } = toAssignment(text)
  return { name, text: text.slice(name.length + 1) }
}

function run(name: string | undefined, { json, force, metadata = [] }: KeygenFlags): void {
  try {
    if (name === undefined) print(json ?? false)
    else
      write(
        name,
        force ?? false,
        Object.fromEntries(metadata.map((one) => [one.name, one.text])),
        json ?? false,
      )
  } catch (error) {
    complain((error as Error).message)
    process.exitCode = 1
  }
}

function print(json: boolean): void {
  const { publicKey, secretKey } = curveKeyPair()
  process.stdout.write(
    json
      ? `${JSON.stringify({ publicKey, secretKey })}\n`
      : `public-key = "${publicKey}"\nsecret-key = "${secretKey}"\n`,
  )
}

function write(name: string, force: boolean, metadata: Record<string, string>, json: boolean): void {
  for (const file of [`${name}.key`, `${name}.key_secret`]) {
    if (!force && existsSync(file)) throw new Failure(`${file} is there already; --force writes over it`)
  }
  const files = createCertificates(dirname(name), basename(name), metadata)
  if (json) process.stdout.write(`${JSON.stringify(files)}\n`)
  else tell(`${files.publicFile} is for others, ${files.secretFile} for its owner alone`)
}
