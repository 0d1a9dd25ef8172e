// A Jupyter client: runs Python code in a kernel and shows what it prints while it prints it. What the code asks is
// asked here; Ctrl-C interrupts the code. It needs ipykernel (`apt install python3-ipykernel`, `pip install ipykernel`).
// node build/examples/jupyter/run.js [python] [code...]
import { createInterface } from "node:readline/promises"
import { Kernel, type Output } from "./kernel.js"

const [python = "python3", ...args] = process.argv.slice(2)
const pieces = args.length > 0 ? args : ['name = input("Your name? ")', 'print(f"Hello {name}")']

function show(output: Output): void {
  if (output.type === "text") process[output.stream].write(output.text)
  else if (output.type === "result") console.log(output.text)
  else console.error(`${output.name}: ${output.value}`)
}

async function ask(prompt: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await terminal.question(prompt)
  } finally {
    terminal.close()
  }
}

await using kernel = await Kernel.start(python, ask, AbortSignal.timeout(60_000))
process.on("SIGINT", () => void kernel.interrupt())
for (const code of pieces) for await (const output of kernel.run(code)) show(output)
