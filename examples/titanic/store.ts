// Titanic's requests on disk, in SQLite. Each change is on the disk when its call returns.
import { rmSync } from "node:fs"
import sqlite from "node-sqlite3-wasm"

export interface Entry {
  readonly id: string
  readonly service: string
  readonly request: Buffer[]
  readonly reply: Buffer[] | undefined
}

export class Store implements Disposable {
  readonly #database: InstanceType<typeof sqlite.Database>

  /** There may be one process at a file, for it takes a lock that it finds for one that a killed process left. */
  constructor(file: string) {
    rmSync(`${file}.lock`, { recursive: true, force: true })
    this.#database = new sqlite.Database(file)
    this.#database.exec(
      "CREATE TABLE IF NOT EXISTS entries (id TEXT PRIMARY KEY, service TEXT, request TEXT, reply TEXT)",
    )
  }

  add(id: string, service: string, request: readonly Buffer[]): void {
    this.#database.run("INSERT INTO entries VALUES (?, ?, ?, NULL)", [id, service, textOf(request)])
  }

  get(id: string): Entry | undefined {
    return this.#select("WHERE id = ?", id)[0]
  }

  /** Those without a reply, the oldest first. */
  pending(): Entry[] {
    return this.#select("WHERE reply IS NULL ORDER BY rowid")
  }

  answer(id: string, reply: readonly Buffer[]): void {
    this.#database.run("UPDATE entries SET reply = ? WHERE id = ?", [textOf(reply), id])
  }

  remove(id: string): void {
    this.#database.run("DELETE FROM entries WHERE id = ?", [id])
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #select(condition: string, ...values: string[]): Entry[] {
    return this.#database.all(`SELECT * FROM entries ${condition}`, values).map((row) => ({
      id: `${row.id}`,
      service: `${row.service}`,
      request: framesOf(`${row.request}`),
      reply: row.reply === null ? undefined : framesOf(`${row.reply}`),
    }))
  }
}

/** A message's frames in one column: Base64 has no blanks. */
function textOf(frames: readonly Buffer[]): string {
  return frames.map((frame) => frame.toString("base64")).join(" ")
}

function framesOf(text: string): Buffer[] {
  return text.split(" ").map((frame) => Buffer.from(frame, "base64"))
}
