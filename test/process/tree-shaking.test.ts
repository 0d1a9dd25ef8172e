// What bundlers leave out of a program that imports one name.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { rollup } from "rollup"
import { fromRoot } from "../interop/package-root.js"

const entry = fileURLToPath(import.meta.resolve("puremq"))

/** A program that imports these names, bundled as bundlers do by what package.json says of side effects. */
async function bundled(names: string): Promise<string> {
  const { sideEffects } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"))
  const bundle = await rollup({
    input: "program",
    external: (id) => id !== "program" && id !== "puremq" && !id.startsWith(".") && !id.startsWith("/"),
    plugins: [
      {
        name: "program",
        resolveId: (id) => {
          if (id === "program") return id
          return id === "puremq" ? { id: entry, moduleSideEffects: sideEffects } : null
        },
        load: (id) => (id === "program" ? `import { ${names} } from "puremq"; console.log(${names})` : null),
        transform: (_, id) => (id === "program" ? null : { moduleSideEffects: sideEffects }),
      },
    ],
  })
  const { output } = await bundle.generate({ format: "es" })
  return output.map((part) => (part.type === "chunk" ? part.code : "")).join("\n")
}

const optional = ["Proxy", "ProxyCore", "Authenticator", "LogPublisher", "CurveRules"]
const declares = (code: string, name: string): boolean => new RegExp(`^class ${name}\\b`, "m").test(code)

test("a bundle with one socket has no code of proxies, authenticators and logs", async () => {
  const code = await bundled("Push")
  assert.ok(declares(code, "Push") && declares(code, "PushPattern"))
  assert.deepEqual(
    optional.filter((name) => declares(code, name)),
    [],
  )
})

test("a bundle has what it asks for", async () => {
  const code = await bundled("Proxy, Authenticator, LogPublisher")
  assert.deepEqual(
    optional.filter((name) => !declares(code, name)),
    [],
  )
})
