export { checkOption, optionBytes } from "./options/check.js"
export { chooseMechanism, type MechanismChoice, noMechanism } from "./options/security.js"
export {
  type CommonOptions,
  defaultOptions,
  type OptionName,
  type OptionsOf,
  type OptionValues,
  optionNames,
  optionTable,
  takesEffectLater,
} from "./options/table.js"
