// Endpoints, options and events by the API of zeromq.js 5, as programs use it that were written for it.
import assert from "node:assert/strict"
import { once } from "node:events"
import { within } from "./deadline.js"
import { nextMessage, type OldSetting, oldScenario } from "./v5-compat-stage.js"

export function endpointScenarios(setting: OldSetting): void {
  oldScenario(setting, "bind and unbind call back and tell of the address", async (stage) => {
    const pull = stage.socket("pull")
    const address = await stage.vacant()
    const bound = once(pull, "bind")
    await within(
      new Promise<void>((resolve, reject) => {
        assert.equal(
          pull.bind(address, (error) => (error ? reject(error) : resolve())),
          pull,
        )
      }),
      "bind to call back",
    )
    assert.deepEqual(await bound, [address])
    const unbound = once(pull, "unbind")
    await within(
      new Promise<void>((resolve, reject) => {
        pull.unbind(address, (error) => (error ? reject(error) : resolve()))
      }),
      "unbind to call back",
    )
    assert.deepEqual(await unbound, [address])
  })

  oldScenario(
    setting,
    "what is wrong with an address is told, or thrown by what does not wait",
    async (stage) => {
      const pull = stage.socket("pull")
      const error = await within(
        new Promise<Error | undefined>((resolve) => {
          pull.bind("nonsense://x", resolve)
        }),
        "bind to call back",
      )
      assert.equal((error as { code?: unknown } | undefined)?.code, "EPROTONOSUPPORT")
      const failed = once(pull, "error")
      pull.bind("nonsense://x")
      const [emitted] = await within(failed, "an error")
      assert.equal(emitted.code, "EPROTONOSUPPORT")
      assert.throws(() => pull.bindSync("nonsense://x"), { code: "EPROTONOSUPPORT" })
      assert.throws(() => pull.connect("nonsense://x"), { code: "EPROTONOSUPPORT" })
      assert.throws(() => pull.disconnect(`inproc://never`), { code: "ENOENT" })
    },
  )

  oldScenario(setting, "a closed socket says so and sends and tells nothing", async (stage) => {
    const pull = stage.socket("pull")
    assert.equal(pull.closed, false)
    assert.equal(pull.close(), pull)
    assert.equal(pull.closed, true)
    pull.close()
  })

  oldScenario(setting, "proxy passes on both ways, and tells a capture socket of replies", async (stage) => {
    const [router, dealer] = [stage.socket("router"), stage.socket("dealer")]
    const [capture, captured] = [stage.socket("pub"), stage.socket("sub")]
    const [request, reply] = [stage.socket("req"), stage.socket("rep")]
    captured.subscribe("")
    await stage.join(captured, capture)
    await stage.join(router, request)
    await stage.join(dealer, reply)
    stage.zmq.proxy(router, dealer, capture)
    reply.on("message", (question) => reply.send(`answer to ${question}`))
    let asked = 0
    const ask = (): unknown => request.send(`question ${++asked}`)
    // The capture's subscriber may not have come yet.
    request.on("message", ask)
    const copy = nextMessage(captured)
    ask()
    assert.match((await copy).join("|"), /^answer to question \d+$/)
    request.off("message", ask)
    assert.throws(() => stage.zmq.proxy(router, router), {
      message: "This socket type order is not supported in compatibility mode",
    })
  })
}

export function optionScenarios(setting: OldSetting): void {
  oldScenario(setting, "options are set by number, by name and as properties", async ({ zmq, ...stage }) => {
    void stage
    const dealer = zmq.createSocket("dealer", { linger: 7, identity: "named" })
    try {
      assert.equal(dealer.linger, 7)
      assert.equal(dealer.getsockopt(zmq.ZMQ_LINGER), 7)
      assert.equal(dealer.getsockopt("linger"), 7)
      assert.equal(String(dealer.identity), "named")
      assert.equal(dealer.setsockopt("linger", 0), dealer)
      dealer.setsockopt(zmq.ZMQ_SNDHWM, 5).setsockopt(zmq.ZMQ_RCVHWM, 6)
      assert.equal(dealer.getsockopt(zmq.ZMQ_SNDHWM), 5)
      assert.equal(dealer.getsockopt(zmq.ZMQ_RCVHWM), 6)
      assert.equal(dealer.getsockopt(zmq.ZMQ_DELAY_ATTACH_ON_CONNECT), 0)
      dealer.setsockopt(zmq.ZMQ_DELAY_ATTACH_ON_CONNECT, 1)
      assert.equal(dealer.getsockopt(zmq.ZMQ_DELAY_ATTACH_ON_CONNECT), 1)
      dealer.setsockopt(zmq.ZMQ_IPV4ONLY, 0)
      assert.equal(dealer.getsockopt(zmq.ZMQ_IPV6), 1)
      assert.equal(dealer.getsockopt(zmq.ZMQ_IPV4ONLY), false)
      dealer.backlog = 3
      assert.equal(dealer.getsockopt("backlog"), 3)
      assert.equal(dealer.last_endpoint, null)
      assert.equal(dealer.mechanism, 0)
      assert.equal(dealer._ioevents, 0)
      assert.throws(() => dealer.getsockopt(9999), { message: "Unknown option" })
      assert.throws(() => dealer.setsockopt(9999, 1), { message: "Unknown option" })
    } finally {
      dealer.close()
    }
  })

  oldScenario(setting, "the names of options and constants, and their numbers", async ({ zmq }) => {
    assert.equal(zmq.options.linger, zmq.ZMQ_LINGER)
    assert.throws(() => zmq.socket("nonsense" as never), { message: "Invalid socket type: nonsense" })
    assert.throws(() => new zmq.Context(), {
      message: "Context cannot be instantiated in compatibility mode",
    })
    const keys = zmq.curveKeypair()
    assert.deepEqual([keys.public.length, keys.secret.length], [40, 40])
    const most = zmq.Context.getMaxSockets()
    zmq.Context.setMaxSockets(most - 1)
    assert.equal(zmq.Context.getMaxSockets(), most - 1)
    zmq.Context.setMaxSockets(most)
    assert.equal(typeof zmq.Context.getMaxThreads(), "number")
  })
}

export function monitorScenarios(setting: OldSetting): void {
  oldScenario(setting, "monitor tells of connections by the old names", async (stage) => {
    const [bound, other] = [stage.socket("rep"), stage.socket("req")]
    const address = await stage.vacant()
    const [listen, accept] = [once(bound, "listen"), once(bound, "accept")]
    const [delay, connect] = [once(other, "connect_delay"), once(other, "connect")]
    assert.equal(bound.monitor(), bound)
    other.monitor()
    bound.bindSync(address)
    other.connect(address)
    const events = { listen, accept, delay, connect }
    for (const [name, event] of Object.entries(events)) {
      const [value, endpoint, error] = await within(event, name)
      assert.deepEqual([value, endpoint, error], [undefined, address, undefined], name)
    }
    const gone = once(bound, "disconnect")
    other.close()
    assert.equal((await within(gone, "disconnect"))[1], address)
  })

  oldScenario(
    setting,
    "monitor tells why a bind failed, and when the next attempt to connect is",
    async (stage) => {
      const [one, two, three] = [stage.socket("rep"), stage.socket("rep"), stage.socket("req")]
      const address = await stage.vacant()
      one.bindSync(address)
      two.monitor()
      const failed = once(two, "bind_error")
      assert.throws(() => two.bindSync(address), { code: "EADDRINUSE" })
      const [number, , error] = await within(failed, "bind_error")
      assert.equal(number, error.errno)
      assert.equal(error.code, "EADDRINUSE")
      three.monitor()
      const retry = once(three, "connect_retry")
      three.connect(await stage.vacant())
      assert.equal(typeof (await within(retry, "connect_retry"))[0], "number")
    },
  )
}
