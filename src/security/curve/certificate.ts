// Certificates of CURVE as CZMQ and pyzmq keep them in files: ZPL (RFC 4) with a section for metadata and one for keys.
// What is in a file becomes text here and text what is in a file; who reads and writes files is not known.

import { ZmqError } from "../../errors.js"
import { decodeKey } from "./keys.js"

/** One owner's keys, and what is said of him. */
export interface CurveCertificate {
  /** 40 characters of Z85. */
  publicKey: string
  /** 40 characters of Z85; undefined in a certificate that others may have. */
  secretKey?: string | undefined
  /** Whatever is worth saying; names are of letters, digits and `$-_@.&+/`. */
  metadata: Record<string, string>
}

/** Where a new certificate is. */
export interface CertificateFiles {
  /** The file for others. */
  publicFile: string
  /** The file with the secret key, which only its owner may read. */
  secretFile: string
}

/** What keeps certificates. */
export interface CertificateStore {
  create(folder: string, name: string, metadata: Record<string, string>): CertificateFiles
  save(file: string, certificate: CurveCertificate): void
  load(file: string): CurveCertificate
  loadAll(folder: string, suffix: string): Set<string>
}

const NAME = /^[A-Za-z0-9$\-_@.&+/]+$/
const UNPRINTABLE = /\p{Cc}/u
const PROPERTY = /^([A-Za-z0-9$\-_@.&+/]+)\s*(?:=\s*(.*)|#.*)?$/s

const PUBLIC_NOTE = [
  "ZeroMQ CURVE Public Certificate",
  "Exchange securely, or use a secure mechanism to verify the contents",
  "of this file after exchange. Store public certificates in your home",
  "directory, in the .curve subdirectory.",
]
const SECRET_NOTE = [
  "ZeroMQ CURVE **Secret** Certificate",
  "DO NOT PROVIDE THIS FILE TO OTHER USERS nor change its permissions.",
]

/**
 * The text of a certificate's file, with the secret key if it has one.
 *
 * Throws a ZmqError `EINVAL` when a key is none, or metadata has a name or value that ZPL cannot express: a value must not
 * have line ends and other control characters, nor both kinds of quotes.
 */
export function formatCertificate(certificate: CurveCertificate): string {
  const { publicKey, secretKey, metadata } = certificate
  const lines = (secretKey === undefined ? PUBLIC_NOTE : SECRET_NOTE).map((line) => `#   ${line}`)
  lines.push("", "metadata")
  for (const [name, value] of Object.entries(metadata)) {
    if (!NAME.test(name)) throw invalid(`Metadata cannot be called ${JSON.stringify(name)}.`)
    lines.push(`    ${name} = ${quote(value)}`)
  }
  decodeKey(publicKey)
  lines.push("curve", `    public-key = "${publicKey}"`)
  if (secretKey !== undefined) {
    decodeKey(secretKey)
    lines.push(`    secret-key = "${secretKey}"`)
  }
  return `${lines.join("\n")}\n`
}

/** Reads the text of a certificate's file. Throws a ZmqError `EINVAL` when it has no public key, or a key is none. */
export function parseCertificate(text: string): CurveCertificate {
  const metadata: [name: string, value: string][] = []
  const keys = new Map<string, string>()
  /** The names of the sections that the line before stands in, and its own. */
  const path: { indent: number; name: string }[] = []
  for (const line of text.replace(/^\uFEFF/, "").split(/[\r\n]+/)) {
    const content = line.trim()
    const property = content.startsWith("#") ? null : PROPERTY.exec(content)
    if (property === null) continue
    const [, name = "", value = ""] = property
    const indent = line.length - line.trimStart().length
    while (path.length > 0 && (path.at(-1)?.indent ?? 0) >= indent) path.pop()
    path.push({ indent, name })
    if (path.length !== 2) continue
    if (path[0]?.name === "metadata") metadata.push([name, unquote(value)])
    else if (path[0]?.name === "curve") keys.set(name, unquote(value))
  }
  const publicKey = keys.get("public-key")
  if (publicKey === undefined) throw invalid("There is no public key in the certificate.")
  const secretKey = keys.get("secret-key")
  decodeKey(publicKey)
  if (secretKey !== undefined) decodeKey(secretKey)
  const certificate: CurveCertificate = { publicKey, metadata: Object.fromEntries(metadata) }
  if (secretKey !== undefined) certificate.secretKey = secretKey
  return certificate
}

function quote(value: string): string {
  if (!UNPRINTABLE.test(value)) {
    if (!value.includes('"')) return `"${value}"`
    if (!value.includes("'")) return `'${value}'`
  }
  throw invalid("A value of metadata has no line ends, and no more than one kind of quotes.")
}

/** A value without the quotes around it, or without the comment behind it. */
function unquote(value: string): string {
  const [first] = value
  if (first === '"' || first === "'") {
    const end = value.indexOf(first, 1)
    if (end > 0) return value.slice(1, end)
  }
  // A key has a # in it now and then, which begins no comment where somebody left out the quotes.
  return value.replace(/(^|\s)#.*$/s, "").trimEnd()
}

function invalid(message: string): ZmqError {
  return new ZmqError("EINVAL", { message })
}
