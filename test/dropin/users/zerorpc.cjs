// Remote calls by the package zerorpc, which is written for zeromq.js 4.
const zerorpc = require("zerorpc")

const address = process.argv[2]
// It reads the names of parameters from the text of functions of the old kind.
const server = new zerorpc.Server({
  add: function add(one, two, reply) {
    reply(null, one + two, false)
  },
  count: function count(end, reply) {
    for (let number = 1; number <= end; number++) reply(null, number, number < end)
  },
  fail: function fail(reply) {
    reply(new Error("of the server"))
  },
})
server.bind(address)
const client = new zerorpc.Client()
client.connect(address)
client.invoke("add", 2, 3, (_error, sum) => {
  console.log(`sum ${sum}`)
  client.invoke("count", 3, (_streamError, number, more) => {
    if (number !== undefined) console.log(`count ${number}`)
    if (more) return
    client.invoke("fail", (error) => {
      console.log(`error ${error.message}`)
      client.close()
      server.close()
    })
  })
})
