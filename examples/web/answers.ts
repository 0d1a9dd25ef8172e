/** What the server says to a question. */
export function answer(question: string): string {
  const [verb = "", ...words] = question.trim().split(/\s+/)
  switch (verb.toLowerCase()) {
    case "time":
      return `It is ${new Date().toTimeString().slice(0, 8)} where the server is.`
    case "add":
      return sum(words)
    case "reverse":
      return [...words.join(" ")].reverse().join("")
    case "restart":
      return "Back in two seconds."
    default:
      return `You said “${question.trim()}”. I know time, add and reverse.`
  }
}

function sum(words: readonly string[]): string {
  const numbers = words.map(Number)
  if (numbers.length === 0 || !numbers.every(Number.isFinite)) return "I add numbers, such as: add 2 3 5 7"
  return `${numbers.join(" + ")} = ${numbers.reduce((total, number) => total + number, 0)}`
}
