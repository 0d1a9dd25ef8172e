// What `puremq` names. Apart from index.ts, which cannot name itself.
import * as zmq from "./index.js"

export * from "./index.js"
// All of it once more, for `import zmq from "zeromq"`.
export default zmq
