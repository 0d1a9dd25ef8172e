export { checkOption, optionBytes } from "./options/check.js"
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
