// A native module of Linux that was built with glibc 2.38 and GCC 13 asks for functions by names that are new there, though
// all that it wants of them is older: strtol and strtoul are also told as __isoc23_strtol and __isoc23_strtoul, which read
// binary numbers besides, and a function that does nothing stands for "iostreams are set up". Debian 12 has neither.

const NEW_VERSIONS = new Set(["GLIBC_2.38", "GLIBCXX_3.4.32"])
const NEW_PREFIX = "__isoc23_"
const DOES_NOTHING = "_ZSt21ios_base_library_initv"
/** The module asks for it already, and to call it changes nothing. */
const HARMLESS = "getpid"

const SYMBOLS = 11
const VERSIONS_OF_SYMBOLS = 0x6fff_ffff
const VERSIONS_NEEDED = 0x6fff_fffe
const SYMBOL_SIZE = 24
/** A symbol of whatever version there is. */
const ANY_VERSION = 1
/** It is no error if the version is not there. */
const WEAK = 2

interface Section {
  readonly type: number
  readonly at: number
  readonly size: number
  /** The section with its texts. */
  readonly link: number
  /** How many entries. */
  readonly info: number
}

/** The module (ELF of 64 bits, little-endian) with the older names in place of those. */
export function withOlderNames(module: Buffer): Buffer {
  const mended = Buffer.from(module)
  const sections = sectionsOf(mended)
  const of = (type: number): Section => {
    const section = sections.find((one) => one.type === type)
    if (section === undefined) throw new Error(`The module has no section of type ${type.toString(16)}.`)
    return section
  }
  const symbols = of(SYMBOLS)
  const names = sections[symbols.link] as Section
  const textAt = (at: number): string =>
    mended.toString("latin1", names.at + at, mended.indexOf(0, names.at + at))
  const harmless = mended.indexOf(`\0${HARMLESS}\0`, names.at, "latin1") + 1 - names.at
  const versions = of(VERSIONS_OF_SYMBOLS)
  for (let number = 0; number * SYMBOL_SIZE < symbols.size; number++) {
    const at = symbols.at + number * SYMBOL_SIZE
    const nameAt = mended.readUInt32LE(at)
    const name = textAt(nameAt)
    // The old name is the end of the new one.
    if (name.startsWith(NEW_PREFIX)) mended.writeUInt32LE(nameAt + NEW_PREFIX.length, at)
    else if (name === DOES_NOTHING) mended.writeUInt32LE(harmless, at)
    else continue
    mended.writeUInt16LE(ANY_VERSION, versions.at + number * 2)
  }
  forEachNeededVersion(mended, of(VERSIONS_NEEDED), (at) => {
    if (NEW_VERSIONS.has(textAt(mended.readUInt32LE(at + 8)))) mended.writeUInt16LE(WEAK, at + 4)
  })
  return mended
}

function sectionsOf(module: Buffer): Section[] {
  const tableAt = Number(module.readBigUInt64LE(0x28))
  const size = module.readUInt16LE(0x3a)
  return Array.from({ length: module.readUInt16LE(0x3c) }, (_, number) => {
    const at = tableAt + number * size
    return {
      type: module.readUInt32LE(at + 4),
      at: Number(module.readBigUInt64LE(at + 0x18)),
      size: Number(module.readBigUInt64LE(at + 0x20)),
      link: module.readUInt32LE(at + 0x28),
      info: module.readUInt32LE(at + 0x2c),
    }
  })
}

/** Tells where each version that is needed of each library stands. */
function forEachNeededVersion(module: Buffer, needed: Section, tell: (at: number) => void): void {
  let libraryAt = needed.at
  for (let library = 0; library < needed.info; library++) {
    let at = libraryAt + module.readUInt32LE(libraryAt + 8)
    for (let count = module.readUInt16LE(libraryAt + 2); count > 0; count--) {
      tell(at)
      at += module.readUInt32LE(at + 12)
    }
    libraryAt += module.readUInt32LE(libraryAt + 12)
  }
}
