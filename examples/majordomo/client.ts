// Majordomo, what a client needs: a class that asks services and asks again (RFC 7).
import * as zmq from "puremq"
import { CLIENT } from "./protocol.js"

export interface MajordomoClientOptions {
  /** Ms to wait for a reply before the request is sent again. */
  patience?: number
  attempts?: number
}

/** Asks services by their names; one request at a time. */
export class MajordomoClient implements Disposable {
  readonly #address: string
  readonly #patience: number
  readonly #attempts: number
  #socket: zmq.Request

  constructor(address: string, { patience = 2500, attempts = 3 }: MajordomoClientOptions = {}) {
    this.#address = address
    this.#patience = patience
    this.#attempts = attempts
    this.#socket = this.#open()
  }

  /** Resolves with the frames of the reply; rejects when none came, however often it asked. */
  async ask(service: string, ...body: zmq.MessageLike[]): Promise<zmq.Message[]> {
    for (let attempt = 1; attempt <= this.#attempts; attempt++) {
      try {
        await this.#socket.send([CLIENT, service, ...body])
        const [, , ...reply] = await this.#socket.receive()
        return reply
      } catch (error) {
        if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
        // The protocol has no numbers for requests, so what comes too late must find nobody here.
        this.#socket.close()
        this.#socket = this.#open()
      }
    }
    throw new Error(`No reply of ${service}, asked ${this.#attempts} times`)
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }

  #open(): zmq.Request {
    const socket = new zmq.Request({ linger: 0, receiveTimeout: this.#patience })
    socket.connect(this.#address)
    return socket
  }
}
