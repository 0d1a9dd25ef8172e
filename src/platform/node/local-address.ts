/** What begins the name of every pipe of Windows on this machine. */
const PIPES = "\\\\.\\pipe\\"

/**
 * Where node:net finds the path of an ipc address. Elsewhere than on Windows that is the path itself. On Windows node:net
 * knows named pipes alone, so the path becomes a pipe's name: with slashes for backslashes, which a name must not have
 * and the colon of a drive as it is, in small letters, since paths differ by those no more than names do. What names a pipe already stays as it is. An
 * abstract name (`\0` in front), which is Linux's, is a pipe's name there.
 */
export function localAddress(path: string, windows: boolean): string {
  if (!windows || /^[\\/]{2}[.?][\\/]pipe[\\/]/i.test(path)) return path
  const name = path.startsWith("\0") ? `@${path.slice(1)}` : path
  return PIPES + name.replaceAll("\\", "/").toLowerCase()
}
