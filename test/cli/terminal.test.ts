// What only a terminal sees.
import assert from "node:assert/strict"
import { spawn, spawnSync } from "node:child_process"
import { test } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { within } from "../suites/deadline.js"
import { ANY, cli, script } from "./command-line.js"

const found = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux")
const needsTerminal = unlessMissing(
  found ? undefined : "util-linux's script, which gives a command a terminal, was not found",
)

const ESCAPE = new RegExp(`${"\x1b"}\\[[\\d;]*[mK]`, "g")

/** Runs a command on a terminal of 80 by 24; all that it writes there. */
async function onTerminal(line: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const command = `stty cols 80 rows 24; "${process.execPath}" "${script}" ${line}`
  // What else Node asks about colours is left out: where CI is set, it shows none on any terminal.
  const { PATH, HOME, NODE_V8_COVERAGE } = process.env
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH, HOME, NODE_V8_COVERAGE, TERM: "xterm-256color", ...environment },
  })
  let shown = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text
  })
  await within(new Promise((resolve) => child.once("close", resolve)), "the terminal to close")
  return shown
}

test("help and complaints have colours on a terminal, but not with NO_COLOR", needsTerminal, async () => {
  assert.ok((await onTerminal("--help")).includes("\x1b[1mOptions:\x1b[22m"))
  assert.ok((await onTerminal("nonsense")).includes("\x1b[31mpuremq:\x1b[39m"))
  for (const line of ["--help", "nonsense", "sub nowhere"]) {
    assert.ok(!(await onTerminal(line, { NO_COLOR: "1" })).includes("\x1b"), line)
  }
})

test(
  "top draws over what it drew, within the terminal's size, and gives it back",
  needsTerminal,
  async () => {
    const many = Array.from({ length: 40 }, (_, index) => `-m topic${index}`).join(" ")
    await using pub = cli(`pub -b ${ANY} -v --repeat --rate 1000 -m evil\x1b]0;title\x07 ${many}`)
    const shown = await onTerminal(`top ${await pub.endpoint()} --interval 300ms -n 3`)
    assert.ok(shown.startsWith("\x1b[?1049h\x1b[?25l\x1b[H"))
    assert.ok(shown.trimEnd().endsWith("\x1b[?25h\x1b[?1049l"))
    const screens = shown.split("\x1b[H").slice(1)
    assert.equal(screens.length, 3)
    for (const screen of screens) {
      const [drawn = ""] = screen.split("\x1b[J")
      // The escapes of styles take no room.
      const lines = drawn.split("\r\n").map((line) => line.replace(ESCAPE, ""))
      assert.ok(lines.length <= 24)
      for (const line of lines) assert.ok(line.length <= 80, line)
      assert.match(lines[0] as string, /^ENDPOINT +TOPIC +msg\/s +bytes\/s$/)
    }
    assert.ok(!shown.includes("\x1b]0"))
  },
)
