// What `puremq/v5-compat` names. Apart from index.ts, which cannot name itself.
import * as zmq from "./index.js"

export * from "./index.js"
// All of it once more, for `import zmq from "zeromq/v5-compat"`.
export default zmq
