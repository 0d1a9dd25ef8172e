// Certificates of CURVE in files, under the names that pyzmq and CZMQ give them: `name.key`, which others may have, and
// `name.key_secret`, which only its owner may read.

import { closeSync, fchmodSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { ZmqError } from "../../errors.js"
import {
  type CertificateFiles,
  type CertificateStore,
  type CurveCertificate,
  formatCertificate,
  parseCertificate,
} from "../../security/curve/certificate.js"
import { createCurveKeyPair } from "../../security/curve/keys.js"
import { nodeKeys } from "./curve-keys.js"

const SECRET = "_secret"

/**
 * Makes a key pair and writes it to `name.key` and `name.key_secret` in `folder`, over what was there. As with
 * CZMQ, `metadata` is in both.
 *
 * Throws a ZmqError: `EINVAL` for metadata that cannot be written, `ENOENT` when there is no such folder, `EACCES` when
 * it must not be written to.
 */
export function createCertificate(
  folder: string,
  name: string,
  metadata: Record<string, string> = {},
): CertificateFiles {
  const publicFile = join(folder, `${name}.key`)
  saveCertificate(publicFile, { ...createCurveKeyPair(nodeKeys), metadata })
  return { publicFile, secretFile: publicFile + SECRET }
}

/**
 * Writes a certificate to `file` without its secret key, and to `file` with `_secret` behind it if it has one. Throws a
 * ZmqError as {@link createCertificate} does.
 */
export function saveCertificate(file: string, certificate: CurveCertificate): void {
  const { publicKey, secretKey, metadata } = certificate
  const open = formatCertificate({ publicKey, metadata })
  if (secretKey !== undefined) write(file + SECRET, formatCertificate(certificate), 0o600)
  write(file, open, 0o644)
}

/**
 * Reads one certificate, of the one kind or the other.
 *
 * Throws a ZmqError: `ENOENT` when there is no such file, `EACCES` when it must not be read, `EINVAL` when it is no
 * certificate.
 */
export function loadCertificate(file: string): CurveCertificate {
  return parseCertificate(attempt(file, () => readFileSync(file, "utf8")))
}

/**
 * The public keys of all certificates in a folder whose names end in `suffix`: what an authenticator lets in. Files with
 * secret keys are not among them, nor is what is no certificate.
 *
 * Throws a ZmqError: `ENOENT` when there is no such folder, `EACCES` when it, or a certificate in it, must not be read.
 */
export function loadCertificates(folder: string, suffix = ".key"): Set<string> {
  const keys = new Set<string>()
  const entries = attempt(folder, () => readdirSync(folder, { withFileTypes: true }))
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith(suffix) || entry.name.endsWith(SECRET)) continue
    try {
      keys.add(loadCertificate(join(folder, entry.name)).publicKey)
    } catch (error) {
      if (!(error instanceof ZmqError) || error.code !== "EINVAL") throw error
    }
  }
  return keys
}

/** All of this, for who asks the platform. */
export const certificateFiles: CertificateStore = {
  create: createCertificate,
  save: saveCertificate,
  load: loadCertificate,
  loadAll: loadCertificates,
}

function write(file: string, text: string, mode: number): void {
  attempt(file, () => {
    const descriptor = openSync(file, "w", mode)
    try {
      // A file that was there has kept its mode.
      fchmodSync(descriptor, mode)
      writeSync(descriptor, text)
    } finally {
      closeSync(descriptor)
    }
  })
}

function attempt<Result>(file: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    const found = (error as { code?: unknown }).code
    const code = found === "ENOENT" || found === "EACCES" ? found : "EINVAL"
    throw new ZmqError(code, { message: `${file}: ${(error as Error).message}`, cause: error })
  }
}
