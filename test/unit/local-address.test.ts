// Named pipes stand for the paths of ipc on Windows.
import assert from "node:assert/strict"
import { test } from "node:test"
import { localAddress } from "#src/platform/node/local-address.js"

test("elsewhere than on Windows a path stays as it is", () => {
  for (const path of ["/tmp/Socket", "relative", "\0abstract", "\\\\.\\pipe\\name"]) {
    assert.equal(localAddress(path, false), path)
  }
})

test("on Windows a path becomes the name of a pipe, one path one name", () => {
  assert.equal(localAddress("C:\\Temp\\Socket", true), "\\\\.\\pipe\\c:/temp/socket")
  assert.equal(localAddress("c:/temp/socket", true), "\\\\.\\pipe\\c:/temp/socket")
  assert.equal(localAddress("/tmp/feed", true), "\\\\.\\pipe\\/tmp/feed")
  assert.equal(localAddress("\0feed", true), "\\\\.\\pipe\\@feed")
})

test("on Windows what names a pipe already stays as it is", () => {
  for (const name of ["\\\\.\\pipe\\Name", "\\\\?\\pipe\\Name", "//./pipe/Name"]) {
    assert.equal(localAddress(name, true), name)
  }
})
