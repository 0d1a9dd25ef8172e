// Makes a scenario that fails as small as it can be.

import type { Plan, SocketPlan, Step } from "./plan.js"
import { type Outcome, play } from "./play.js"
import { SUBSCRIBES } from "./roles.js"

/** The promise that was broken. */
function kindOf(failure: Error): string {
  return failure.message.split(":", 1)[0] as string
}

/** The smallest scenario that breaks the same promise. The plan has to fail. */
export async function shrink(plan: Plan): Promise<{ plan: Plan; failure: Error }> {
  let { failure } = await play(plan)
  if (failure === undefined) throw new Error("A scenario that does not fail cannot be made smaller.")
  const kind = kindOf(failure)
  let smallest = plan
  const attempt = async (candidate: Plan): Promise<boolean> => {
    const outcome: Outcome = await play(candidate)
    if (outcome.failure === undefined || kindOf(outcome.failure) !== kind) return false
    smallest = candidate
    failure = outcome.failure
    return true
  }
  for (let before: Plan | undefined; before !== smallest; ) {
    before = smallest
    await withoutSockets(() => smallest, attempt)
    await withoutSteps(() => smallest, attempt)
  }
  return { plan: smallest, failure }
}

type Attempt = (candidate: Plan) => Promise<boolean>

async function withoutSockets(current: () => Plan, attempt: Attempt): Promise<void> {
  for (const { id } of [...current().sockets]) {
    const plan = current()
    if (plan.sockets.length < 2) return
    await attempt({
      ...plan,
      sockets: plan.sockets.filter((socket) => socket.id !== id),
      steps: plan.steps.filter((step) => step.kind === "crash" || step.target !== id),
    })
  }
}

/** Ever smaller pieces. */
async function withoutSteps(current: () => Plan, attempt: Attempt): Promise<void> {
  for (
    let size = Math.ceil(current().steps.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < current().steps.length; ) {
      const plan = current()
      const steps = [...plan.steps.slice(0, at), ...plan.steps.slice(at + size)]
      if (!(await attempt({ ...plan, steps }))) at += size
    }
  }
}

/** A scenario as somebody would tell it. */
export function scriptOf(plan: Plan): string {
  const lines = [`seed ${plan.seed}, ${plan.minutes} minutes, ${plan.hosts} hosts`]
  for (const socket of plan.sockets) lines.push(describeSocket(socket))
  for (const step of plan.steps) lines.push(describeStep(step))
  return lines.join("\n")
}

function describeSocket({ id, host, type, options, binds, connects, topics }: SocketPlan): string {
  const where = [...binds.map((place) => `bind ${place}`), ...connects.map((place) => `connect ${place}`)]
  const wants = SUBSCRIBES.has(type) ? `, topics ${JSON.stringify(topics)}` : ""
  return `  s${id} ${type} on host${host}: ${where.join(", ")}${wants}; ${JSON.stringify(options)}`
}

function describeStep({ at, kind, target, value }: Step): string {
  return `  ${(at / 1000).toFixed(3)} s: ${kind} ${kind === "crash" ? "host" : "s"}${target} (${value})`
}
