/** The domain of what counts wherever nothing else does. */
const ANY = "*"

/** Rules by the domains of servers (their `zapDomain`). */
export class DomainRules<Rule> {
  private readonly rules: Map<string, Rule> = new Map()

  /** Puts a rule in the place of the domain's last one; undefined takes it away. */
  set(domain: string, rule: Rule | undefined): void {
    const name = domain || ANY
    if (rule === undefined) this.rules.delete(name)
    else this.rules.set(name, rule)
  }

  /** The domain's own rule, or else that for all. */
  find(domain: string): Rule | undefined {
    return this.rules.get(domain) ?? this.rules.get(ANY)
  }
}
