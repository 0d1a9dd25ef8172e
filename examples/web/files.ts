import { readFile } from "node:fs/promises"
import type { IncomingMessage, ServerResponse } from "node:http"
import { extname } from "node:path"

// This program runs from build/examples/web/; what the compiler does not copy is where it was written.
const root = new URL("../../../", import.meta.url)
const folders = ["examples/web/page/", "build/examples/web/page/", "dist/browser/"].map(
  (folder) => new URL(folder, root),
)

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
}

const headers = {
  // The page has nothing from elsewhere, and nothing inline.
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  // A page that is isolated so gets the exact time, by which it measures round trips.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-cache",
}

/** Answers with the file of a name, which is one of a single segment, so that no path leads out of the folders. */
export async function serveFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = "/"] = (request.url ?? "/").split("?")
  const name = path === "/" ? "index.html" : /^\/([\w-]+\.(?:css|js|svg))$/.exec(path)?.[1]
  const content = name === undefined ? undefined : await read(name)
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { ...headers, Allow: "GET, HEAD" }).end()
  } else if (name === undefined || content === undefined) {
    response.writeHead(404, { ...headers, "Content-Type": "text/plain" }).end("There is no such file.\n")
  } else {
    response.writeHead(200, {
      ...headers,
      "Content-Type": types[extname(name)],
      "Content-Length": content.length,
    })
    response.end(request.method === "HEAD" ? undefined : content)
  }
}

async function read(name: string): Promise<Buffer | undefined> {
  for (const folder of folders) {
    try {
      return await readFile(new URL(name, folder))
    } catch {
      // It may be in the next one.
    }
  }
  return undefined
}
