// Options of wss://, WebSockets over TLS. All are drafts of libzmq.

/** Keys, certificates and whom to trust, as PEM. */
export const wssOptions = {
  /** The private key of who listens, as PEM; binding to wss wants one. Null by default. (ZMQ_WSS_KEY_PEM, draft) */
  wssKeyPem: { id: 103, kind: "text", default: null, on: "all", effect: "next" },
  /**
   * The certificate of who listens, as PEM, with those between it and its authority; binding to wss wants one. Null by
   * default. (ZMQ_WSS_CERT_PEM, draft)
   */
  wssCertPem: { id: 104, kind: "text", default: null, on: "all", effect: "next" },
  /**
   * Certificates of authorities that who connects trusts, as PEM. Without them and `wssTrustSystem` nobody is trusted.
   * Null by default. (ZMQ_WSS_TRUST_PEM, draft)
   */
  wssTrustPem: { id: 105, kind: "text", default: null, on: "all", effect: "next" },
  /**
   * The name that the server's certificate has to be for, and that the server is told; null: the host of the address,
   * while libzmq then takes any name. Null by default. (ZMQ_WSS_HOSTNAME, draft)
   */
  wssHostname: { id: 106, kind: "text", default: null, max: 255, on: "all", effect: "next" },
  /**
   * Trust the authorities that the runtime trusts, besides those of `wssTrustPem`. A browser goes by these alone, and
   * by none of the other options. False by default. (ZMQ_WSS_TRUST_SYSTEM, draft)
   */
  wssTrustSystem: { id: 107, kind: "bool", default: false, on: "all", effect: "next" },
} as const
