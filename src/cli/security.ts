// Who the user is, and whom he lets in. Secrets come from files: other users of the machine can see a command line.

import { readFileSync, statSync } from "node:fs"
import { type Command, Option } from "commander"
import { Authenticator, curveKeyPair, loadCertificate, type Socket, ZmqError, z85Decode } from "../index.js"
import { Failure, UsageFailure } from "./exit.js"
import type { Session } from "./session.js"

/** What the user says of mechanisms. */
export interface SecurityFlags {
  readonly curveServerKey?: string | undefined
  readonly curveSecretKey?: string | undefined
  readonly curveServer?: boolean | undefined
  readonly curveClients?: string | undefined
  readonly plainUsername?: string | undefined
  readonly plainPassword?: string | undefined
  readonly plainPasswordFile?: string | undefined
  readonly plainServer?: string | undefined
}

/** Options of commands whose peers may ask who they are. */
export function addSecurityOptions(command: Command): Command {
  command.optionsGroup("Security:")
  return command
    .addOption(
      new Option(
        "--curve-server-key <key>",
        "talk CURVE to servers with this public key: its 40 characters, or a certificate file",
      ).conflicts(["curveServer", "plainUsername", "plainServer"]),
    )
    .option(
      "--curve-secret-key <file>",
      "our certificate, with its secret key (see keygen); a client without one has keys made for this run",
    )
    .addOption(
      new Option("--curve-server", "let in who talks CURVE and knows our public key").conflicts([
        "plainUsername",
        "plainServer",
      ]),
    )
    .option("--curve-clients <folder>", "and whose certificate (*.key) is in this folder")
    .addOption(
      new Option("--plain-username <name>", "talk PLAIN to servers, which encrypts nothing").conflicts(
        "plainServer",
      ),
    )
    .addOption(
      new Option("--plain-password <text>", "the password, for all users of this machine to see").conflicts(
        "plainPasswordFile",
      ),
    )
    .option("--plain-password-file <file>", "the password is the first line of this file")
    .option("--plain-server <file>", "let in who talks PLAIN and has a line of this file: name:password")
}

/** Gives a socket its mechanism. */
export async function secure(socket: Socket, flags: SecurityFlags, session: Session): Promise<void> {
  try {
    await choose(socket, flags, session)
  } catch (error) {
    if (error instanceof ZmqError) throw new Failure(`${error.message} (${error.code})`)
    throw error
  }
}

function choose(socket: Socket, flags: SecurityFlags, session: Session): Promise<void> | void {
  const { curveServer, curveServerKey, curveSecretKey, curveClients } = flags
  const { plainUsername, plainPassword, plainPasswordFile, plainServer } = flags
  if (curveClients !== undefined && !curveServer)
    throw new UsageFailure("--curve-clients is for a --curve-server")
  if (curveServer) return serveCurve(socket, flags, session)
  if (curveServerKey !== undefined) return talkCurve(socket, curveServerKey, flags, session)
  if (curveSecretKey !== undefined) {
    throw new UsageFailure("--curve-secret-key wants --curve-server-key, or is for a --curve-server")
  }
  if (plainServer !== undefined) return servePlain(socket, plainServer, session)
  const password = plainPasswordFile === undefined ? plainPassword : (linesOf(plainPasswordFile)[0] ?? "")
  if ((plainUsername === undefined) !== (password === undefined)) {
    throw new UsageFailure("PLAIN wants a name and a password")
  }
  if (plainUsername !== undefined) Object.assign(socket, { plainUsername, plainPassword: password })
}

async function serveCurve(
  socket: Socket,
  { curveSecretKey, curveClients }: SecurityFlags,
  session: Session,
): Promise<void> {
  if (curveSecretKey === undefined) throw new UsageFailure("--curve-server wants --curve-secret-key")
  const { secretKey } = loadOwn(curveSecretKey, session)
  Object.assign(socket, { curveServer: true, curveSecretKey: secretKey })
  if (curveClients === undefined) return
  await authenticate(session, (authenticator) => authenticator.configureCurve("*", curveClients))
}

function talkCurve(
  socket: Socket,
  serverKey: string,
  { curveSecretKey }: SecurityFlags,
  session: Session,
): void {
  const own = curveSecretKey === undefined ? curveKeyPair() : loadOwn(curveSecretKey, session)
  Object.assign(socket, {
    curveServerKey: toPublicKey(serverKey),
    curvePublicKey: own.publicKey,
    curveSecretKey: own.secretKey,
  })
}

const KEY_CHARACTERS = 40

function toPublicKey(text: string): string {
  if (text.length !== KEY_CHARACTERS) return loadCertificate(text).publicKey
  z85Decode(text)
  return text
}

function loadOwn(file: string, session: Session): { publicKey: string; secretKey: string } {
  const { publicKey, secretKey } = loadCertificate(file)
  if (secretKey === undefined)
    throw new Failure(`${file} has no secret key: that is in ${file}_secret, if anywhere`)
  // Windows tells no such mode.
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    session.warn(`Other users can read the secret key in ${file}`)
  }
  return { publicKey, secretKey }
}

async function servePlain(socket: Socket, file: string, session: Session): Promise<void> {
  const entries = linesOf(file)
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const at = line.indexOf(":")
      if (at < 1) throw new Failure(`${file} has a line that is not name:password`)
      return [line.slice(0, at), line.slice(at + 1)] as const
    })
  Object.assign(socket, { plainServer: true })
  await authenticate(session, (authenticator) => authenticator.configurePlain("*", new Map(entries)))
}

/** One for all sockets of the process, which have the same rules. */
let started: Promise<void> | undefined

function authenticate(session: Session, configure: (authenticator: Authenticator) => void): Promise<void> {
  if (started !== undefined) return started
  const authenticator = new Authenticator({ log: (line) => session.note(line) })
  configure(authenticator)
  started = authenticator.start()
  return started
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/)
  } catch (error) {
    throw new Failure(`Cannot read ${file}: ${(error as Error).message}`)
  }
}
