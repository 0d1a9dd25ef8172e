import type { PeerName } from "../peer.js"

export const colors: Readonly<Record<PeerName, string>> = {
  puremq: "#1d4ed8",
  "puremq-lts": "#60a5fa",
  "puremq-native": "#7c3aed",
  libzmq: "#6b7280",
  zeromq: "#d97706",
  pyzmq: "#16a34a",
}

export const paper = "#ffffff"
export const border = "#d1d5db"
export const grid = "#e5e7eb"
export const quiet = "#6b7280"
export const dark = "#1f2937"
