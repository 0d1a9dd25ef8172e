// The flag bits of a frame of ZMTP 2.0 to 3.1 (RFC 37, section 3.3).

/** Another frame of the same message follows. */
export const MORE = 1
/** The length takes eight bytes instead of one. */
export const LONG = 2
/** The body is a command. */
export const COMMAND = 4
/** Bits that no version defines: a peer that sets one is refused. */
export const RESERVED: number = 0xff & ~(MORE | LONG | COMMAND)

/** The longest body whose length fits in one byte. */
export const SHORT_MAX = 255
/** Flags, and a length of eight bytes. */
export const LONG_HEADER = 9
