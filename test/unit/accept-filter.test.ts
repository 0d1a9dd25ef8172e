// Numeric addresses and the networks that they are in.
import assert from "node:assert/strict"
import { test } from "node:test"
import { acceptFilter, isAcceptFilter } from "#src/transports/accept-filter.js"
import { parseIp } from "#src/transports/ip-address.js"

test("numeric addresses as bytes", () => {
  for (const [text, hex] of [
    ["127.0.0.1", "7f000001"],
    ["255.255.255.255", "ffffffff"],
    ["::", "0".repeat(32)],
    ["::1", `${"0".repeat(31)}1`],
    ["fe80::1%eth0", "fe800000000000000000000000000001"],
    ["2001:DB8::8:800:200c:417A", "20010db80000000000080800200c417a"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::ffff:1.2.3.4", "00000000000000000000ffff01020304"],
  ] as const) {
    assert.equal(Buffer.from(parseIp(text) as Uint8Array).toString("hex"), hex, text)
  }
})

test("what is no numeric address", () => {
  for (const text of [
    "",
    "localhost",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.",
    ":",
    ":::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "1::2::3",
    "12345::",
    "::1.2.3",
    "1.2.3.4::",
    "g::",
  ]) {
    assert.equal(parseIp(text), undefined, text)
  }
})

test("a filter admits who is in one of its networks", () => {
  for (const [filter, inside, outside] of [
    ["127.0.0.1", ["127.0.0.1:5"], ["127.0.0.2:5", "[::1]:5", ""]],
    ["10.0.0.0/8", ["10.255.0.1:1"], ["11.0.0.1:1", "9.255.255.255:1"]],
    ["192.168.4.0/23", ["192.168.4.9:1", "192.168.5.255:1"], ["192.168.6.0:1", "192.168.3.255:1"]],
    ["0.0.0.0/0", ["8.8.8.8:1"], ["[::1]:1"]],
    ["2001:db8::/33", ["[2001:db8:7fff::1]:1"], ["[2001:db8:8000::1]:1", "1.2.3.4:1"]],
    ["::/0", ["[::1]:1", "[fe80::1%eth0]:1"], ["1.2.3.4:1"]],
    ["1.1.1.1,2.2.2.0/24", ["1.1.1.1:1", "2.2.2.9:1"], ["1.1.1.2:1", "3.3.3.3:1"]],
  ] as const) {
    assert.ok(isAcceptFilter(filter), filter)
    const admits = acceptFilter(filter) as (remote: string) => boolean
    for (const remote of inside) assert.ok(admits(remote), `${remote} in ${filter}`)
    for (const remote of outside) assert.ok(!admits(remote), `${remote} out of ${filter}`)
  }
  assert.equal(acceptFilter(null), undefined)
})

test("what is no filter", () => {
  for (const text of [
    "",
    "x",
    "1.2.3.4/33",
    "::/129",
    "1.2.3.4/",
    "1.2.3.4/-1",
    "1.2.3.4/8x",
    "1.2.3.4,",
    ",",
  ]) {
    assert.equal(isAcceptFilter(text), false, text)
  }
})
