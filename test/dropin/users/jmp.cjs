// A Jupyter kernel and its front end by the package jmp, which inherits from the sockets of zeromq.js 5.
const jmp = require("jmp")

const kernel = new jmp.Socket("router", "sha256", "key")
const frontEnd = new jmp.Socket("dealer", "sha256", "key")
kernel.on("message", (request) => {
  console.log(`request ${request.header.msg_type}`)
  request.respond(kernel, "execute_reply", { status: "ok" }, {}, "5.0")
})
frontEnd.on("message", (reply) => {
  console.log(`reply ${reply.header.msg_type} ${reply.content.status} to ${reply.parent_header.msg_type}`)
  kernel.close()
  frontEnd.close()
})
kernel.bind("tcp://127.0.0.1:*", (error) => {
  if (error) throw error
  frontEnd.connect(kernel.last_endpoint)
  const message = new jmp.Message({ header: { msg_id: "1", msg_type: "execute_request", version: "5.0" } })
  frontEnd.send(message)
})
