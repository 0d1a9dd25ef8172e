// The demo's server and a Chromium that looks at its page.
import { type Browser, chromium, type Locator, type Page } from "playwright-core"
import { type Program, startNode } from "../interop/process.js"
import { eventually } from "../suites/deadline.js"

export interface Look {
  readonly width: number
  readonly height: number
  readonly colorScheme: "light" | "dark"
}

const usual: Look = { width: 1280, height: 900, colorScheme: "light" }

/** Starts the demo; port 0 is any free one. */
export async function startDemo(port = 0): Promise<{ program: Program; url: string }> {
  const program = startNode(new URL("../../examples/web/main.js", import.meta.url), "--port", `${port}`)
  const [url] = await program.line(/http:\/\/\S+/)
  return { program, url }
}

export function openBrowser(command: string): Promise<Browser> {
  // Its sandbox wants another user than root, and the page is ours.
  return chromium.launch({ executablePath: command, args: ["--no-sandbox"] })
}

/** A person's visit to the page. */
export class Visit implements AsyncDisposable {
  readonly page: Page
  readonly complaints: string[] = []

  private constructor(page: Page, url: string) {
    this.page = page
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text())
    })
    page.on("pageerror", (error) => this.complaints.push(`${error}`))
    page.on("request", (request) => {
      if (!request.url().startsWith(url)) this.complaints.push(`The page wanted ${request.url()}`)
    })
  }

  static async begin(browser: Browser, url: string, look: Look = usual): Promise<Visit> {
    const { width, height, colorScheme } = look
    const page = await browser.newPage({ viewport: { width, height }, colorScheme })
    const visit = new Visit(page, url)
    await page.goto(url)
    await visit.reads("status", /^Connected$/)
    return visit
  }

  /** The text of the element of an id. */
  async text(id: string): Promise<string> {
    return (await this.page.locator(`#${id}`).textContent()) ?? ""
  }

  /** Resolves when the text of the element of an id matches. */
  reads(id: string, pattern: RegExp): Promise<string> {
    return eventually(async () => {
      const text = await this.text(id)
      return pattern.test(text) ? text : false
    }, `#${id} to read ${pattern}`)
  }

  /** Resolves when the number that an element of an id shows is `least` or more. */
  counts(id: string, least: number): Promise<number> {
    return eventually(async () => {
      const number = await this.#number(id)
      return number >= least ? number : false
    }, `#${id} to count ${least}`)
  }

  async ask(question: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Your question" }).fill(question)
    await this.page.getByRole("button", { name: "Ask", exact: true }).click()
  }

  /** Resolves to the time beside the latest answer when that is to `question`, and matches. */
  answered(question: string, pattern: RegExp): Promise<string> {
    const latest = this.page.locator("#answers > :first-child")
    return eventually(async () => {
      const [asked, answer = "", time] = await latest.locator("span").allTextContents()
      return asked === question && pattern.test(answer) ? time : false
    }, `an answer to ${question} that matches ${pattern}`)
  }

  /** Has the workers count primes, and resolves when they have. */
  async share(): Promise<void> {
    await this.page.getByRole("button", { name: "Count the primes" }).click()
    // That is work for a second or two of a machine's own, which may have other work.
    await this.page.locator("#outcome", { hasText: "primes below" }).waitFor({ timeout: 60_000 })
  }

  topic(name: string): Locator {
    return this.page.getByRole("checkbox", { name })
  }

  async #number(id: string): Promise<number> {
    return Number((await this.text(id)).replaceAll(",", ""))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.page.close()
  }
}
