// The draft types' numbers (zmq.h).

/** Answers clients, each by its number. (draft) */
export const SERVER = 12
/** Asks servers. (draft) */
export const CLIENT = 13
/** Sends to groups. (draft) */
export const RADIO = 14
/** Receives what is sent to the groups that it joined. (draft) */
export const DISH = 15
/** A PULL of messages of one frame. (draft) */
export const GATHER = 16
/** A PUSH of messages of one frame. (draft) */
export const SCATTER = 17
/** Plain UDP. (draft) */
export const DGRAM = 18
/** A SERVER and CLIENT in one. (draft) */
export const PEER = 19
/** A PAIR of messages of one frame. (draft) */
export const CHANNEL = 20
