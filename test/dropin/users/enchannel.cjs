// A notebook's front end by the package enchannel-zmq-backend, and a kernel that answers it.
const { createMainChannel } = require("enchannel-zmq-backend")
const { Message } = require("enchannel-zmq-backend/lib/jmp")
const { Publisher, Router } = require("zeromq")

async function main() {
  const kernel = { shell: new Router(), control: new Router(), stdin: new Router(), iopub: new Publisher() }
  const config = { ip: "127.0.0.1", transport: "tcp", key: "secret", signature_scheme: "hmac-sha256" }
  for (const [name, socket] of Object.entries(kernel)) {
    socket.linger = 0
    await socket.bind("tcp://127.0.0.1:*")
    config[`${name}_port`] = Number(socket.lastEndpoint.split(":").pop())
  }
  const channel = await createMainChannel(config)
  channel.subscribe(({ channel: name, header, content }) => {
    console.log(`${name}: ${header.msg_type} ${content.banner}`)
    channel.complete()
    for (const socket of Object.values(kernel)) socket.close()
  })
  channel.next({ channel: "shell", header: { msg_type: "kernel_info_request" }, content: {} })
  const request = Message.decode(await kernel.shell.receive(), "sha256", config.key)
  console.log(`shell: ${request.header.msg_type}`)
  const header = { msg_type: "kernel_info_reply" }
  const reply = new Message({ idents: request.idents, header, content: { banner: "hello" } })
  await kernel.shell.send(reply.encode("sha256", config.key))
}

main()
