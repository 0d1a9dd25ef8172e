// Chromium with a page of ours, and what the page talks to. The page is served by node:http.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Authenticator, Context, curveKeyPair, type Reply, type SocketOptions } from "puremq"
import { fromRoot } from "../interop/package-root.js"
import { type Library, loadZeromq, puremq } from "../suites/library.js"
import { authority, certificate, key } from "../wire/certificates.js"
import type { Outcome } from "./check.js"
import type { PageConfiguration } from "./page-configuration.js"
import { peers } from "./runtimes.js"

const executables = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

interface Page {
  goto(url: string): Promise<unknown>
  evaluate(expression: string): Promise<unknown>
  on(event: "console" | "pageerror", heard: (what: { text?(): string; message?: string }) => void): void
}
interface Browser {
  newPage(): Promise<Page>
  version(): string
  close(): Promise<void>
}
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> }
}

type Played =
  | { readonly version: string; readonly outcomes: readonly Outcome[] }
  | { readonly missing: string }

/** Checks that cannot pass, with the bug of who is at fault. */
export const pageBugs = {
  "page: ws to libzmq, 5 MB frames":
    "Chromium sends large messages in fragments (RFC 6455, 5.4), of which libzmq knows nothing",
  "page: CURVE over ws to libzmq":
    "libzmq's subprotocol ZWS2.0/CURVE has a slash, which RFC 6455 forbids and browsers refuse to offer",
}

/** Plays the checks of a page, or says what they are missing. */
export async function playInBrowser(): Promise<Played> {
  const executablePath = executables.find(existsSync)
  if (executablePath === undefined) return { missing: "there is no Chromium" }
  const entry = fromRoot(`${peers}/playwright-core/package.json`)
  if (!existsSync(entry)) return { missing: `${peers} has no playwright-core` }
  const { chromium } = createRequire(entry)("playwright-core") as Playwright
  const home = mkdtempSync(join(tmpdir(), "puremq-browser-"))
  const server = createServer()
  const context = new Context()
  const replies: Reply[] = []
  let browser: Browser | undefined
  try {
    const trusts = trustAuthority(home)
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const configuration = await serve(context, replies, origin, trusts)
    answer(server, configuration)
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      env: { ...process.env, HOME: home },
    })
    const page = await browser.newPage()
    const said: string[] = []
    page.on("console", (message) => said.push(message.text?.() ?? ""))
    page.on("pageerror", (error) => said.push(error.message ?? ""))
    await page.goto(origin)
    const outcomes = (await page.evaluate("globalThis.played")) as Outcome[] | undefined
    if (outcomes === undefined) throw new Error(`The page did not play: ${said.join("\n")}`)
    return { version: browser.version(), outcomes }
  } finally {
    await browser?.close()
    server.closeAllConnections()
    server.close()
    for (const reply of replies) reply.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Chromium's own store of certificates gets that of our authority. Undefined, or why it cannot be. */
function trustAuthority(home: string): string | undefined {
  const store = join(home, ".pki/nssdb")
  mkdirSync(store, { recursive: true })
  const file = join(home, "authority.pem")
  writeFileSync(file, authority)
  const commands = [
    ["-N", "--empty-password"],
    ["-A", "-n", "puremq", "-t", "C,,", "-i", file],
  ]
  for (const args of commands) {
    const { status, error, stderr } = spawnSync("certutil", ["-d", `sql:${store}`, ...args], {
      encoding: "utf8",
    })
    if (status !== 0) return `certutil: ${error?.message ?? stderr.trim()}`
  }
  return undefined
}

/** Servers that send everything back. */
async function serve(
  context: Context,
  replies: Reply[],
  origin: string,
  untrusting: string | undefined,
): Promise<PageConfiguration> {
  const zeromq = loadZeromq()
  const [server, friend, stranger] = [curveKeyPair(), curveKeyPair(), curveKeyPair()]
  const echo = async (
    { zmq }: Library,
    options: SocketOptions<Reply> = {},
    address = "ws://127.0.0.1:*",
    allowedOrigins: readonly string[] = [origin],
  ): Promise<string> => {
    const ours = zmq === puremq.zmq
    const reply = new zmq.Reply({ linger: 0, ...options, ...(ours && { context }) } as never) as Reply
    replies.push(reply)
    if (ours) await reply.bind(address, { allowedOrigins })
    else await reply.bind(address)
    void (async () => {
      for await (const message of reply) await reply.send(message)
    })().catch(() => {})
    return reply.lastEndpoint as string
  }
  const authenticator = new Authenticator({ context })
  authenticator.configurePlain("*", { user: "secret" })
  authenticator.configureCurve("*", [friend.publicKey])
  await authenticator.start()
  const tls = { wssKeyPem: key, wssCertPem: certificate }
  const curve = { curveServer: true, curveSecretKey: server.secretKey }
  return {
    puremq: await echo(puremq),
    libzmq: typeof zeromq === "string" ? null : await echo(zeromq),
    libzmqCurve: typeof zeromq === "string" ? null : await echo(zeromq, curve),
    closed: await echo(puremq, {}, "ws://127.0.0.1:*", []),
    trusted: untrusting === undefined ? await echo(puremq, tls, "wss://127.0.0.1:*") : null,
    // The certificate is for 127.0.0.1.
    misnamed: untrusting === undefined ? await echo(puremq, tls, "wss://127.0.0.2:*") : null,
    untrusting: untrusting ?? "",
    plain: await echo(puremq, { plainServer: true }),
    curve: await echo(puremq, curve),
    serverKey: server.publicKey,
    friend,
    stranger,
  }
}

const modules = {
  puremq: "/dist/browser/puremq.js",
  libsodium: "/node_modules/libsodium/dist/modules-esm/libsodium.mjs",
  "@noble/ciphers/": "/node_modules/@noble/ciphers/",
  "@noble/curves/": "/node_modules/@noble/curves/",
  "@noble/hashes/": "/node_modules/@noble/hashes/",
}

const start = `<!doctype html><title>puremq</title>
<script type="importmap">${JSON.stringify({ imports: modules })}</script>
<script>globalThis.played = new Promise((resolve) => { globalThis.tellPlayed = resolve })</script>
<script type="module" src="/build/test/runtimes/page.js"></script>`

function answer(server: Server, configuration: PageConfiguration): void {
  server.on("request", ({ url = "/" }, response) => {
    const send = (type: string, text: string): void => {
      response.writeHead(200, { "Content-Type": type }).end(text)
    }
    if (url === "/") send("text/html", start)
    else if (url === "/configuration.json") send("application/json", JSON.stringify(configuration))
    else if (
      /^\/(dist\/browser|build\/test|node_modules)\/[^?]+\.m?js$/.test(url) &&
      existsSync(fromRoot(url.slice(1)))
    ) {
      const text = readFileSync(fromRoot(url.slice(1)), "utf8")
      // Workers know no import maps.
      const worker = url.endsWith("/page-worker.js")
      send("text/javascript", worker ? text.replace('from "puremq"', `from "${modules.puremq}"`) : text)
    } else response.writeHead(404).end()
  })
}
