// Jazzer.js as it has been installed, made to load where the C library is older than the one that it was built with.
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { withOlderNames } from "./older-names.js"

/** Its command line; why it cannot be had, if so. */
export function jazzer(folder: string): string | { readonly reason: string } {
  const modules = join(folder, "node_modules/@jazzer.js")
  const cli = join(modules, "core/dist/cli.js")
  if (!existsSync(cli)) return { reason: "Jazzer.js is not installed: npm run peers:fuzzing says why." }
  const addon = join(modules, `fuzzer/prebuilds/fuzzer-${process.platform}-${process.arch}.node`)
  if (!existsSync(addon)) return { reason: `Jazzer.js has no ${process.platform}-${process.arch}.` }
  let complaint = complaintOf(addon)
  if (complaint !== undefined && /version `GLIBC(XX)?_/.test(complaint)) {
    // In its place at once: another run may have it open.
    writeFileSync(`${addon}.new`, withOlderNames(readFileSync(addon)))
    renameSync(`${addon}.new`, addon)
    complaint = complaintOf(addon)
  }
  return complaint === undefined ? cli : { reason: complaint }
}

/** What the system has against the module; undefined if it loads. */
function complaintOf(addon: string): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, ["-e", `require(${JSON.stringify(addon)})`], {
    encoding: "utf8",
  })
  return status === 0 ? undefined : (stderr.match(/^Error: .*$/m)?.[0] ?? stderr)
}
