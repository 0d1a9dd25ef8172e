// What compilers to CommonJS make of `import zmq from "puremq"`, for each module.
type Library = typeof import("puremq", { with: { "resolution-mode": "import" }})
type Draft = typeof import("puremq/draft", { with: { "resolution-mode": "import" }})
type Old = typeof import("puremq/v5-compat", { with: { "resolution-mode": "import" }})

function importDefault(required: { readonly __esModule?: boolean; readonly default: unknown }): unknown {
  return required.__esModule ? required.default : required
}

const zmq = importDefault(require("puremq")) as Library
const draft = importDefault(require("puremq/draft")) as Draft
const old = importDefault(require("puremq/v5-compat")) as Old

async function main(): Promise<void> {
  console.log(`required: ${zmq.Push.name} ${draft.Gather.name} ${old.Socket.name}`)
  console.log(`names: ${Object.keys(zmq).includes("default")}`)
  const { default: imported } = await import("puremq/v5-compat")
  console.log(`same: ${imported.Socket === old.Socket}`)
}

void main()
