// What `puremq/draft` names on Node. Apart from draft.ts, which cannot name itself.
import * as draft from "./draft.js"

export * from "./draft.js"
// All of it once more, for `import draft from "zeromq/draft"`.
export default draft
