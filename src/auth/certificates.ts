// Certificates of CURVE in files that CZMQ and pyzmq read and write too.

import { platform } from "#platform"
import { ZmqError } from "../errors.js"
import type { CertificateFiles, CertificateStore, CurveCertificate } from "../security/curve/certificate.js"

/**
 * Makes a key pair and writes it down for others to have, in `name.key`, and for its owner, in `name.key_secret`, which
 * nobody else may read (mode 0600, but on Windows). What was there is overwritten. `metadata` is in both files; a value
 * has no line ends.
 *
 * Throws ENOENT when there is no such folder, EACCES when it must not be written to, EINVAL for metadata that cannot be
 * written, ENOTSUP where the runtime has no files.
 */
export function createCertificates(
  folder: string,
  name: string,
  metadata: Record<string, string> = {},
): CertificateFiles {
  checkText(folder, "Folder")
  checkText(name, "Name")
  checkObject(metadata, "Metadata")
  return store().create(folder, name, metadata)
}

/**
 * Writes a certificate that is there already to `file` without its secret key, and, if it has one, to `file` with
 * `_secret` behind it, which nobody but its owner may read. Throws as {@link createCertificates} does.
 */
export function saveCertificate(file: string, certificate: CurveCertificate): void {
  checkText(file, "File")
  checkObject(certificate, "Certificate")
  store().save(file, certificate)
}

/**
 * Reads a certificate from a file of either kind. Throws ENOENT when there is no such file, EACCES when it must not be
 * read, EINVAL when it is no certificate, ENOTSUP where the runtime has no files.
 */
export function loadCertificate(file: string): CurveCertificate {
  checkText(file, "File")
  return store().load(file)
}

/**
 * The public keys, in Z85, of all certificates in a folder whose names end in `suffix`. Files with secret keys are not
 * among them, nor is what is no certificate. Throws ENOENT when there is no such folder, EACCES when it or a certificate
 * in it must not be read, ENOTSUP where the runtime has no files.
 */
export function loadCertificates(folder: string, suffix = ".key"): Set<string> {
  checkText(folder, "Folder")
  checkText(suffix, "Suffix")
  return store().loadAll(folder, suffix)
}

function store(): CertificateStore {
  if (platform.certificates === undefined)
    throw new ZmqError("ENOTSUP", { message: "There are no files here" })
  return platform.certificates
}

function checkText(value: unknown, what: string): void {
  if (typeof value !== "string") throw new TypeError(`${what} must be a string`)
}

function checkObject(value: unknown, what: string): void {
  if (typeof value !== "object" || value === null) throw new TypeError(`${what} must be an object`)
}
