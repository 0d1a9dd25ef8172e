import { CryptoLoader, portableBackends } from "../../security/crypto/loader.js"
import { loadSodiumNative } from "./sodium-native.js"

/** The cryptography of this process: native code where the user has installed it, else WebAssembly, else JavaScript. */
export const cryptoLoader: CryptoLoader = new CryptoLoader([() => loadSodiumNative(), ...portableBackends])
