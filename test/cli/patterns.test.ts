// Each socket type's command, with that of its counterpart.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ANY, cli } from "./command-line.js"

test("push hands out lines to pull", async () => {
  await using pull = cli(`pull -b ${ANY} -v -n 3`)
  await using push = cli(`push ${await pull.endpoint()}`)
  push.end("a\n\nlast without a newline")
  assert.equal(await pull.success(), "a\n\nlast without a newline\n")
  assert.equal(await push.success(), "")
})

test("push connects to several endpoints, some bound, and shares out among them", async () => {
  await using one = cli(`pull -b ${ANY} -v -n 2`)
  await using push = cli(`push ${await one.endpoint()} @${ANY} -v --wait 2`)
  await using two = cli(`pull ${await push.endpoint()} -n 2`)
  push.end("1\n2\n3\n4\n")
  const got = [await one.success(), await two.success()].map((text) => text.split("\n"))
  assert.deepEqual(got.flat().filter(Boolean).sort(), ["1", "2", "3", "4"])
  await push.success()
})

test("pub publishes with a topic what sub asked for", async () => {
  await using pub = cli(`pub -b ${ANY} -v --wait 1 -t news.`)
  await using sub = cli(`sub ${await pub.endpoint()} -t news -n 2 --json`)
  pub.end("A goal.\nAnother.\n")
  assert.equal(await sub.success(), '["news.","A goal."]\n["news.","Another."]\n')
  await pub.success()
})

test("sub gets all without a prefix, and only what begins with one of several", async () => {
  await using pub = cli(`pub -b ${ANY} -v --wait 2`)
  const endpoint = await pub.endpoint()
  await using all = cli(`sub ${endpoint} -n 3`)
  await using some = cli(`sub ${endpoint} -t a -t c -n 2`)
  pub.end("a1\nb1\nc1\n")
  assert.equal(await all.success(), "a1\nb1\nc1\n")
  assert.equal(await some.success(), "a1\nc1\n")
})

test("req asks line by line, and rep echoes", async () => {
  await using rep = cli(`rep -b ${ANY} -v --echo -n 2`)
  await using req = cli(`req ${await rep.endpoint()}`)
  req.end("one\ntwo\n")
  assert.equal(await req.success(), "one\ntwo\n")
  assert.equal(await rep.success(), "")
})

test("dealer and router talk, each with lines of its own", async () => {
  await using router = cli(`router -b ${ANY} -v --wait 1 --to me`)
  await using dealer = cli(`dealer ${await router.endpoint()} --routing-id me -n 2`)
  dealer.write("hello\n")
  await router.said(/^me\thello\n$/)
  router.write("hi\n").end("bye\n")
  assert.equal(await dealer.success(), "hi\nbye\n")
})

test("--identity is --routing-id by its old name", async () => {
  await using router = cli(`router -b ${ANY} -v -n 1`)
  await using dealer = cli(`dealer ${await router.endpoint()} --identity old -m x --no-receive`)
  assert.equal(await router.success(), "old\tx\n")
  await dealer.success()
})

test("router echoes to whoever asks, behind the envelope", async () => {
  await using router = cli(`router -b ${ANY} -v --echo`)
  const endpoint = await router.endpoint()
  await using one = cli(`req ${endpoint} -m one`)
  await using two = cli(`req ${endpoint} -m two`)
  assert.equal(await one.success(), "one\n")
  assert.equal(await two.success(), "two\n")
})

test("pair talks both ways, and goes on receiving when its input has ended", async () => {
  await using one = cli(`pair -b ${ANY} -v -n 1`)
  await using two = cli(`pair ${await one.endpoint()}`)
  one.end("from one\n")
  await two.said(/from one/)
  two.end("from two\n")
  assert.equal(await one.success(), "from two\n")
  two.signal("SIGINT")
  assert.equal((await two.ended()).output.toString(), "from one\n")
})

test("xpub sees subscriptions, and xsub asks by messages or by --subscribe", async () => {
  await using xpub = cli(`xpub -b ${ANY} -v --hex -n 2`)
  await using xsub = cli(`xsub ${await xpub.endpoint()} -t b --hex -m 0161 -n 1`)
  assert.deepEqual((await xpub.success()).split("\n").sort(), ["", "0161", "0162"])
  xsub.signal("SIGTERM")
  assert.equal((await xsub.ended()).code, 143)
})

test("what xpub publishes reaches xsub", async () => {
  await using xpub = cli(`xpub -b ${ANY} -v --wait 1 -m a.message`)
  await using xsub = cli(`xsub ${await xpub.endpoint()} -t a -n 1`)
  assert.equal(await xsub.success(), "a.message\n")
})

test("they talk over ipc and to an address of IPv6", async (t) => {
  for (const [address, extra] of [
    ["ipc://*", ""],
    ["tcp://[::1]:*", " -o ipv6=true"],
  ] as const) {
    await t.test(address, async () => {
      await using pull = cli(`pull -b ${address} -v -n 1${extra}`)
      await using push = cli(`push ${await pull.endpoint()} -m hello${extra}`)
      assert.equal(await pull.success(), "hello\n")
      await push.success()
    })
  }
})
