import { parseArgs } from "node:util"

/** Of a server and its clients, in Z85: speed does not depend on which keys they are. The C++ meters have the same. */
const keys = {
  serverPublic: "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
  serverSecret: "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6",
  clientPublic: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
  clientSecret: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
}

const { values } = parseArgs({ strict: false, options: { curve: { type: "boolean", default: false } } })

/** What the side that binds has for options: none where there is no CURVE. */
export const ofServer: object = values.curve ? { curveServer: true, curveSecretKey: keys.serverSecret } : {}

/** What the side that connects has for options. */
export const ofClient: object = values.curve
  ? {
      curveServerKey: keys.serverPublic,
      curvePublicKey: keys.clientPublic,
      curveSecretKey: keys.clientSecret,
    }
  : {}
